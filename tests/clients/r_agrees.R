# Every number of a book of tables, computed once more by R's survey package.
#
#   Rscript r_agrees.R FOLDER
#
# FOLDER holds what test_r_agrees.py writes:
#   people.csv    one row a person; stratum, cluster, and a column for each variable, "" where missing
#   margins.csv   variable, category, share: what to rake to; no rows where nothing is weighted
#   columns.csv   one row a column of a table: table, kind, group, variable, codes, compared
#   cells.csv     one row a row of a table: table, row, column of people.csv, codes
# and here R leaves numbers.tsv (table, row, column, what, value), where column counts from 0.
#
# Nothing of ours is used: base weights are 1, R rakes, R estimates.

suppressMessages(library(survey))
options(survey.lonely.psu = "fail", warn = 1)
folder <- commandArgs(trailingOnly = TRUE)[1]
text <- function(name) read.csv(file.path(folder, name), colClasses = "character", na.strings = character(0), check.names = FALSE, encoding = "UTF-8")
people <- text("people.csv")
margins <- text("margins.csv")
columns <- text("columns.csv")
cells <- text("cells.csv")
uncertain <- file.exists(file.path(folder, "uncertain"))
people$.one <- 1

design <- if (uncertain) svydesign(id = ~cluster, strata = ~stratum, weights = ~.one, data = people) else
  svydesign(id = ~1, weights = ~.one, data = people)
if (nrow(margins) > 0) {
  share <- as.numeric(margins$share)
  totals <- lapply(split(seq_len(nrow(margins)), margins$variable)[unique(margins$variable)], function(rows) {
    found <- data.frame(margins$category[rows], share[rows] * nrow(people))
    setNames(found, c(margins$variable[rows[1]], "Freq"))
  })
  # R multiplies an epsilon below 1 by the population: 1e-13 is as tight as it will go
  design <- rake(design, lapply(names(totals), function(name) as.formula(paste0("~`", name, "`"))), unname(totals),
    control = list(maxit = 1000, epsilon = 1e-13))
}

found_here <- file(file.path(folder, "numbers.tsv"), "w", encoding = "UTF-8")
writeLines("table\trow\tcolumn\twhat\tvalue", found_here)
say <- function(table, row, column, what, value) {
  writeLines(paste(table, row, column, what, if (is.na(value)) "" else sprintf("%.17g", value), sep = "\t"), found_here)
}
codes <- function(text) strsplit(paste0(text, " "), " ", fixed = TRUE)[[1]]
kish <- function(w) sum(w)^2 / sum(w^2)

# Korn and Graubard, as svyciprop(method = "beta") has it, with two differences that docs/methods.md
# names: n is that of the domain (of a raked design R keeps the rows outside a subset, and counts
# them); and where all or none say so, which leaves R without an interval, Kish's size stands in
interval <- function(name, found, variance, domain, level = 0.95) {
  w <- weights(domain)
  y <- domain$variables[[name]][w > 0]
  n <- sum(w > 0)
  same <- all(y == y[1])
  p <- if (same) y[1] else found
  size <- if (same) kish(w) else p * (1 - p) / variance
  tail <- (1 - level) / 2
  size <- size * (qt(tail, n - 1) / qt(tail, degf(domain)))^2
  # no interval where the weights fix a share: a size of billions
  if (!is.finite(size) || size > 1e15) return(c(NaN, NaN))
  own <- c(if (p == 0) 0 else qbeta(tail, size * p, size * (1 - p) + 1),
    if (p == 1) 1 else qbeta(1 - tail, size * p + 1, size * (1 - p)))
  if (!same && n == nrow(domain$variables)) {
    theirs <- attr(svyciprop(as.formula(paste0("~", name)), domain, method = "beta", level = level), "ci")
    stopifnot(all(abs(own - theirs) < 1e-9))
  }
  own
}

# Whether two columns are of enough people to be compared, as docs/methods.md has it: five of either
# expected to say so, and five not to, were both alike; in effect ten people under a mean
enough <- function(kind, said, people, worth) {
  if (kind == "NUMBER") return(min(worth) >= 10)
  for (share in c(sum(said) / sum(people), mean(said / people)))
    if (min(worth) * min(share, 1 - share) >= 5 - 1e-9) return(TRUE)
  FALSE
}

# Means by group with their joint covariance: svyby(covmat = TRUE), which in survey 4.1-1 stops
# with an error for subsets of raked designs, so its own steps are taken here
jointly <- function(formula, groups) {
  present <- levels(groups$variables$.column)[table(groups$variables$.column[weights(groups) > 0]) > 0]
  estimates <- c()
  influence <- matrix(0, nrow(groups$variables), 0)
  for (level in present) {
    index <- groups$variables$.column %in% level
    found <- svymean(formula, subset(groups, index), influence = TRUE)
    of_group <- attr(found, "influence")
    if (nrow(of_group) == nrow(influence)) influence <- cbind(influence, of_group) else {
      padded <- matrix(0, nrow(influence), ncol(of_group))
      padded[index, ] <- of_group
      influence <- cbind(influence, padded)
    }
    estimates <- rbind(estimates, as.numeric(coef(found)))
  }
  list(groups = present, value = estimates, v = svyrecvar(influence, groups$cluster, groups$strata,
    groups$fpc, postStrata = groups$postStrata))
}

# Thomas and Decady: the sum of the options' Pearson statistics, by the eigenvalues of its terms
several <- function(by, names, df) {
  groups <- nrow(by$value)
  shares <- by$value
  pi <- by$w / sum(by$w)
  pooled <- as.vector(pi %*% shares)
  kept <- which(pooled > 1e-12 & pooled < 1 - 1e-12)
  statistic <- 0
  terms <- matrix(0, 0, groups * length(names))
  for (j in kept) for (g in seq_len(groups)) {
    term <- rep(0, groups * length(names))
    at <- function(g) (g - 1) * length(names) + j
    for (k in seq_len(groups)) term[at(k)] <- (k == g) - pi[k]
    term <- term * sqrt(by$n * pi[g] / (pooled[j] * (1 - pooled[j])))
    statistic <- statistic + sum(term * as.vector(t(shares)))^2
    terms <- rbind(terms, term)
  }
  values <- eigen(terms %*% by$v %*% t(terms), symmetric = TRUE, only.values = TRUE)$values
  values <- values[values > 1e-12 * max(values)]
  f <- statistic / sum(values)
  numerator <- sum(values)^2 / sum(values^2)
  c(f, numerator, numerator * df, pf(f, numerator, numerator * df, lower.tail = FALSE))
}

for (table in unique(columns$table)) {
  banner <- columns[columns$table == table, ]
  rows <- cells[cells$table == table, ]
  kind <- banner$kind[1]
  inside <- people[[rows$column[1]]] != ""
  here <- design
  names <- paste0("r", seq_len(nrow(rows)))
  for (i in seq_len(nrow(rows))) {
    answers <- people[[rows$column[i]]]
    here$variables[[names[i]]] <- if (kind == "NUMBER") as.numeric(answers) else
      if (kind == "MANY") as.numeric(answers == "1" | answers == "1.0") else
      as.numeric(answers %in% codes(rows$codes[i]))
  }
  if (kind == "ONE") {
    slot <- rep(NA_character_, nrow(people))
    for (i in seq_len(nrow(rows))) slot[people[[rows$column[i]]] %in% codes(rows$codes[i])] <- names[i]
    here$variables$.row <- factor(slot)
  }
  for (name in names) here$variables[[name]][!inside] <- 0
  if (!any(inside)) next
  here <- subset(here, inside)
  df <- if (uncertain) degf(here) else NA
  formula <- as.formula(paste("~", paste(names, collapse = "+")))
  for (group in unique(banner$group)) {
    part <- banner[banner$group == group, ]
    where <- rep(NA_character_, nrow(here$variables))
    for (k in seq_len(nrow(part))) {
      ours <- if (group == "") rep(TRUE, length(where)) else here$variables[[part$variable[k]]] %in% codes(part$codes[k])
      where[ours] <- part$column[k]
    }
    here$variables$.column <- factor(where, levels = part$column)
    for (k in seq_len(nrow(part))) {
      column <- part$column[k]
      domain <- subset(here, !is.na(.column) & .column == column)
      w <- weights(domain)
      say(table, "", column, "n", sum(w > 0))
      say(table, "", column, "weighted", sum(w))
      say(table, "", column, "effective", kish(w))
      if (!any(w > 0)) next
      found <- svymean(formula, domain)
      variances <- diag(as.matrix(vcov(found)))
      for (i in seq_along(names)) {
        y <- domain$variables[[names[i]]][w > 0]
        say(table, rows$row[i], column, "value", as.numeric(coef(found)[i]))
        say(table, rows$row[i], column, "n", if (kind == "NUMBER") length(y) else sum(y == 1))
        if (!uncertain) next
        ends <- if (degf(domain) == 0) c(NaN, NaN) else if (kind == "NUMBER") confint(found, df = df)[i, ] else
          interval(names[i], as.numeric(coef(found)[i]), variances[i], domain)
        say(table, rows$row[i], column, "error", as.numeric(SE(found)[i]))
        say(table, rows$row[i], column, "low", as.numeric(ends[1]))
        say(table, rows$row[i], column, "high", as.numeric(ends[2]))
      }
    }
    compared <- part$column[part$compared == "1"]
    if (!uncertain || length(compared) < 2) next
    groups <- subset(here, !is.na(.column))
    by <- jointly(formula, groups)
    present <- by$groups
    value <- by$value
    worth <- c(); freedom <- c(); asked <- c()
    for (column in compared) {
      domain <- subset(here, !is.na(.column) & .column == column)
      worth[column] <- round(kish(weights(domain)))
      freedom[column] <- degf(domain)
      asked[column] <- sum(weights(domain) > 0)
    }
    for (i in seq_along(names)) {
      pairs <- combn(compared, 2)
      said <- sapply(compared, function(column) sum(here$variables[[names[i]]][
        weights(here) > 0 & !is.na(here$variables$.column) & here$variables$.column == column]))
      p <- apply(pairs, 2, function(pair) {
        if (!enough(kind, said[pair], asked[pair], worth[pair])) return(NA)
        contrast <- rep(0, length(value))
        at <- (match(pair, present) - 1) * length(names) + i
        contrast[at] <- c(1, -1)
        spread <- as.numeric(contrast %*% by$v %*% contrast)
        # a difference of nothing but rounding has no variance to be tested with
        if (!is.finite(spread) || spread <= 1e-12 * sum(diag(by$v)[at]) || spread < 1e-24) return(NA)
        2 * pt(-abs(sum(contrast * as.vector(t(value))) / sqrt(spread)), min(freedom[pair]))
      })
      adjusted <- p.adjust(p, "holm")
      for (pair in seq_len(ncol(pairs))) {
        first <- value[match(pairs[1, pair], present), i]
        second <- value[match(pairs[2, pair], present), i]
        higher <- if (first > second) pairs[1, pair] else pairs[2, pair]
        lower <- if (first > second) pairs[2, pair] else pairs[1, pair]
        say(table, rows$row[i], higher, paste0("above ", lower), adjusted[pair])
      }
    }
    if (kind == "NUMBER") next
    tested <- subset(groups, .column %in% compared)
    # rows outside a subset of a raked design stay in it, and must not add levels
    gone <- weights(tested) == 0
    tested$variables$.column <- factor(ifelse(gone, NA, as.character(tested$variables$.column)))
    if (kind == "ONE") {
      tested$variables$.row <- factor(ifelse(gone, NA, as.character(tested$variables$.row)))
      if (nlevels(tested$variables$.row) < 2) next
      test <- tryCatch(svychisq(~ .row + .column, tested, statistic = "F"), error = function(e) NULL)
      if (is.null(test)) next
      numbers <- c(test$statistic, test$parameter, test$p.value)
    } else {
      by <- jointly(formula, tested)
      w <- weights(tested)
      by$w <- as.vector(tapply(w, tested$variables$.column, sum)[by$groups])
      by$n <- sum(w > 0)
      numbers <- several(by, names, degf(tested))
    }
    for (k in 1:4) say(table, group, "", c("F", "numerator", "denominator", "p")[k], as.numeric(numbers[k]))
  }
}
close(found_here)
