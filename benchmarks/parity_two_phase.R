# Cases of two-phase designs for benchmarks/parity.py, in the schema of the reference results.
#
# Their `design` has `type` "twophase", and of `ids`, `strata`, `weights`, `probs` and `fpc` one entry for each phase;
# besides `subset`, the column of who is in phase 2; `method`; and, where phase 2 is calibrated, `calibrate` with
# `formula` and `calfun`. Needs R with survey and survival, and the folder of reference results. To run:
#   cp -r ../shared/reference build/reference && chmod -R u+w build/reference
#   cat benchmarks/parity_two_phase.R >> build/reference/open/cases_open.R
#   Rscript build/reference/make_reference.R && .venv/bin/python benchmarks/parity.py build/reference
# Where R's number is an accident that docs/methods.md names (subsets of uncalibrated designs; "full" with strata in
# phase 1), the case is listed as unsupported.

data(nwtco, package = "survival"); nwtco$sub <- as.numeric(nwtco$in.subcohort | nwtco$rel)
nwtco$stage <- factor(nwtco$stage); nwtco$histol <- factor(nwtco$histol); nwtco$late <- as.numeric(nwtco$stage %in% c("3", "4")); nwtco$age12 <- nwtco$age / 12
put_data("open", "nwtco", nwtco[, c("seqno", "instit", "histol", "stage", "rel", "edrel", "age", "age12", "late", "sub")], "National Wilms Tumor Study, case-cohort: survival::nwtco.")
data(pbc, package = "survival"); pbc$randomised <- as.numeric(!is.na(pbc$trt))
put_data("open", "pbc2", pbc[, c("id", "randomised", "age", "sex", "bili", "albumin", "edema")], "Primary biliary cirrhosis, 312 randomised of 418: survival::pbc.")
data(mu284); mu2 <- data.frame(id1 = rep(c(19, 31, 45, 47, 50), c(5, 7, 8, 5, 9)), n1 = 50, y1 = NA, sub = 0)
mu2$id <- 100 + seq_len(nrow(mu2)); for (k in unique(mu2$id1)) { i <- which(mu2$id1 == k)[1:3]; mu2$sub[i] <- 1; mu2$y1[i] <- mu284$y1[mu284$id1 == k] }
put_data("open", "mu284_2", mu2, "mu284 as phase 2 of its own first stage: survey::mu284.")
i <- 0:179; set.seed(11)
tp <- data.frame(id = 1001 + i, psu = 11 + i %/% 9, area = c("n", "s")[1 + (i >= 81)], hh = 101 + i %/% 3, g = c("f", "m")[1 + i %% 2])
tp$Npsu <- ifelse(tp$area == "n", 60, 90); tp$Nall <- 150; tp$Nhh <- 10; tp$w <- ifelse(tp$area == "n", 55.5, 71.25); tp$N <- 9000
tp$score <- round(rnorm(180, 10, 3) + (tp$psu %% 4), 3); tp$screen <- c("low", "mid", "high")[1 + (tp$score > 10) + (tp$score > 13)]
tp$sub <- as.numeric(runif(180) < c(low = .4, mid = .6, high = .95)[tp$screen]); tp$subpsu <- as.numeric(tp$psu %% 3 != 0)
tp$half <- as.numeric(i %% 9 < 5); tp$p2 <- ave(tp$sub, tp$screen); tp$kind <- c("u", "r")[1 + tp$psu %% 2]
y <- round(2 + .4 * tp$score + rnorm(180) + (tp$psu %% 3) / 2, 3); b <- as.numeric(runif(180) < plogis(-2 + .2 * tp$score)); tp$y <- y; tp$b <- b
tp$t <- round(rexp(180, .1 + .05 * b), 3); tp$ev <- as.numeric(runif(180) < .6)
for (v in c("g", "area", "screen", "kind")) tp[[v]] <- factor(tp[[v]])
put_data("open", "screening", tp, "SYNTHETIC (seed 11): 180 people screened in 20 places, some interviewed. y and b are kept for all.")

two <- function(name, data, ids, strata = list(NULL, NULL), weights = list(NULL, NULL), fpc = list(NULL, NULL), probs = list(NULL, NULL), subset, method = "approx", cal = NULL) {
  f <- function(z) if (is.null(z)) "NULL" else paste0("~", paste(z, collapse = "+"))
  each <- function(z) sprintf("list(%s,%s)", f(z[[1]]), f(z[[2]]))
  given <- c(if (!all(sapply(weights, is.null))) paste0(", weights=", each(weights)), if (!all(sapply(probs, is.null))) paste0(", probs=", each(probs)))
  code <- sprintf("d <- twophase(id=%s, strata=%s, fpc=%s%s, subset=~I(%s==1), data=%s, method='%s')", each(ids), each(strata), each(fpc), paste(given, collapse = ""), subset, data, method)
  if (!is.null(cal)) code <- c(code, sprintf("d <- calibrate(d, phase=2, formula=%s, calfun='%s')", cal$formula, cal$calfun))
  held <- function(z) lapply(z, function(v) if (is.null(v)) NULL else I(v))
  design(name, code, c(list(dataset = data, type = "twophase", ids = held(ids), strata = strata, weights = weights, probs = probs, fpc = held(fpc), subset = subset, method = method), if (!is.null(cal)) list(calibrate = cal)))
}
E <- list("1", "1")
two("tp_srs", "screening", E, list(NULL, "screen"), fpc = list("N", NULL), subset = "sub")
two("tp_srs_inf", "screening", E, list(NULL, "screen"), weights = list("w", NULL), subset = "sub", method = "simple")
two("tp_srs_full", "screening", E, list(NULL, "screen"), fpc = list("N", NULL), subset = "sub", method = "full")
two("tp_cross", "screening", E, list("area", "screen"), weights = list("w", NULL), subset = "sub")
two("tp_none", "screening", E, list("area", NULL), weights = list("w", NULL), subset = "sub")
two("tp_probs", "screening", E, list(NULL, "screen"), weights = list("w", NULL), probs = list(NULL, "p2"), subset = "sub")
two("tp_clus", "screening", list("psu", "1"), list("area", "screen"), fpc = list("Npsu", NULL), subset = "sub")
two("tp_stage", "screening", list(c("psu", "hh"), "1"), list(NULL, "screen"), fpc = list(c("Nall", "Nhh"), NULL), subset = "sub")
two("tp_stage_el", "screening", list(c("psu", "id"), "1"), list(NULL, "screen"), fpc = list(c("Nall", "Nhh"), NULL), subset = "sub")
two("tp_places", "screening", list("psu", "psu"), list("area", "kind"), fpc = list("Npsu", NULL), subset = "subpsu")
two("tp_places_full", "screening", list("psu", "psu"), list(NULL, "kind"), fpc = list("Nall", NULL), subset = "subpsu", method = "full")
two("tp_within", "screening", list("psu", "1"), list(NULL, "psu"), fpc = list("Nall", NULL), subset = "half")
two("tp_within_full", "screening", list("psu", "1"), list(NULL, "psu"), fpc = list("Nall", NULL), subset = "half", method = "full")
two("tp_cal", "screening", E, list("area", "screen"), weights = list("w", NULL), subset = "sub", cal = list(formula = "~score+g", calfun = "linear"))
two("tp_cal_x", "screening", E, list(NULL, "screen"), fpc = list("N", NULL), subset = "sub", cal = list(formula = "~score", calfun = "linear"))
two("tp_cal_rake", "screening", E, list("area", "screen"), weights = list("w", NULL), subset = "sub", cal = list(formula = "~score+g", calfun = "raking"))
two("tp_cal_full", "screening", E, list(NULL, "screen"), fpc = list("N", NULL), subset = "sub", method = "full", cal = list(formula = "~area+g", calfun = "linear"))
two("tp_nwtco", "nwtco", list("seqno", "seqno"), list(NULL, "rel"), subset = "sub")
two("tp_nwtco_full", "nwtco", list("seqno", "seqno"), list(NULL, "rel"), subset = "sub", method = "full")
two("tp_pbc", "pbc2", list("id", "id"), subset = "randomised")
two("tp_mu", "mu284_2", list("id1", "id"), list(NULL, "id1"), fpc = list("n1", NULL), subset = "sub")
two("tp_mu_full", "mu284_2", list("id1", "id"), list(NULL, "id1"), fpc = list("n1", NULL), subset = "sub", method = "full")

P <- function(id, ...) C(paste0("tp_", id), ...)
for (d in c("tp_srs", "tp_srs_inf", "tp_srs_full", "tp_cross", "tp_none", "tp_probs", "tp_clus", "tp_stage", "tp_stage_el", "tp_places", "tp_places_full", "tp_within", "tp_within_full", "tp_cal", "tp_cal_x", "tp_cal_rake", "tp_cal_full")) {
  P(paste0(d, "_mean"), "svymean", d, "svymean(~y+b, d)", x_stat, list(y = I(c("y", "b"))))
  P(paste0(d, "_total"), "svytotal", d, "svytotal(~y+b, d)", x_stat, list(y = I(c("y", "b"))))
  P(paste0(d, "_share"), "svymean", d, "svymean(~screen, d)", x_stat, list(y = I("screen")))
  P(paste0(d, "_ratio"), "svyratio", d, "svyratio(~y, ~score, d)", x_ratio, list(num = I("y"), den = I("score")))
  P(paste0(d, "_by"), "svyby", d, "svyby(~y, ~g, d, svymean)", x_by, list(y = I("y"), by = I("g"), stat = "mean"))
  P(paste0(d, "_sub"), "svytotal", d, "svytotal(~y, d)", x_stat, list(y = I("y"), subset = "g == 'f'"), pre = "d <- subset(d, g == 'f')")
  P(paste0(d, "_glm"), "svyglm", d, "svyglm(y~score+g, d)", x_glm, list(family = "gaussian", formula = "y~score+g"), tol = 1e-5)
  P(paste0(d, "_logit"), "svyglm", d, "svyglm(b~score+g, d, family=quasibinomial())", x_glm, list(family = "quasibinomial", formula = "b~score+g"), tol = 1e-5)
  P(paste0(d, "_ttest"), "svyttest", d, "svyttest(y~g, d)", x_ht, list(y = "y", group = "g"))
  P(paste0(d, "_term"), "regTermTest", d, "regTermTest(svyglm(y~score+area, d), ~area)", x_rtt, list(formula = "y~score+area", term = "area", method = "Wald"))
}
for (d in c("tp_nwtco", "tp_nwtco_full")) {
  P(paste0(d, "_mean"), "svymean", d, "svymean(~age12+late, d)", x_stat, list(y = I(c("age12", "late"))))
  P(paste0(d, "_total"), "svytotal", d, "svytotal(~rel, d)", x_stat, list(y = I("rel")))
  P(paste0(d, "_logit"), "svyglm", d, "svyglm(rel~stage+histol+age12, d, family=quasibinomial())", x_glm, list(family = "quasibinomial", formula = "rel~stage+histol+age12"), tol = 1e-5)
}
P("pbc_mean", "svymean", "tp_pbc", "svymean(~bili+albumin, d)", x_stat, list(y = I(c("bili", "albumin"))))
P("pbc_glm", "svyglm", "tp_pbc", "svyglm(bili~age+sex+edema, d)", x_glm, list(family = "gaussian", formula = "bili~age+sex+edema"), tol = 1e-5)
P("mu_total", "svytotal", "tp_mu", "svytotal(~y1, d)", x_stat, list(y = I("y1")))
P("mu_mean_full", "svymean", "tp_mu_full", "svymean(~y1, d)", x_stat, list(y = I("y1")))
for (d in c("tp_srs", "tp_srs_inf", "tp_srs_full", "tp_none", "tp_clus", "tp_stage", "tp_places", "tp_within", "tp_cal", "tp_cal_full")) {
  P(paste0(d, "_var"), "svyvar", d, "svyvar(~y, d)", function(o, d) list(var = as.matrix(o), se = as.numeric(SE(o))), list(y = I("y")))
  P(paste0(d, "_contrast"), "svycontrast", d, "svycontrast(svymean(~y+b, d), list(a=c(y=1,b=-1)))", x_contrast, list(y = I(c("y", "b"))))
  for (q in c("mean", "beta", "xlogit", "score")) P(paste0(d, "_q_", q), "svyquantile", d, sprintf("svyquantile(~y, d, quantiles=c(.25,.5,.75), interval.type='%s', qrule='math')", q), x_q, list(y = I("y"), quantiles = I(c(.25, .5, .75)), interval_type = q, qrule = "math"))
  for (m in c("logit", "beta", "asin", "xlogit", "mean")) P(paste0(d, "_cip_", m), "svyciprop", d, sprintf("svyciprop(~b, d, method='%s')", m), x_cip, list(y = "b", method = m))
  if (!grepl("full", d)) for (how in c("F", "Chisq", "Wald", "adjWald")) P(paste0(d, "_chisq_", how), "svychisq", d, sprintf("svychisq(~screen+g, d, statistic='%s')", how), x_ht, list(rows = "screen", cols = "g", statistic = how))
  P(paste0(d, "_gof"), "svygofchisq", d, "svygofchisq(~screen, p=c(.3,.4,.3), d)", x_ht, list(y = "screen", p = I(c(.3, .4, .3))), tol = 1e-4)
  for (m in c("wilcoxon", "median")) P(paste0(d, "_rank_", m), "svyranktest", d, sprintf("svyranktest(y~g, d, test='%s')", m), x_ht, list(y = "y", group = "g", test = m))
  P(paste0(d, "_lrt"), "regTermTest", d, "regTermTest(svyglm(b~score+g, d, family=quasibinomial()), ~g, method='LRT')", x_rtt, list(term = "g", method = "LRT", formula = "b~score+g", family = "quasibinomial"), tol = 1e-4)
  P(paste0(d, "_cox"), "svycoxph", d, "svycoxph(Surv(t, ev)~score+g, design=d)", function(o, d) list(coef = nm(coef(o)), vcov = vcov(o), se = nm(SE(o))), list(formula = "Surv(t, ev)~score+g", ties = "efron"), tol = 1e-5)
  if (!grepl("full", d)) P(paste0(d, "_logrank"), "svylogrank", d, "svylogrank(Surv(t, ev)~g, design=d)", function(o, d) list(score = o[[1]], chisq = o[[2]]), list(formula = "Surv(t, ev)~g"))
}
for (d in c("tp_nwtco", "tp_nwtco_full")) P(paste0(d, "_cox"), "svycoxph", d, "svycoxph(Surv(edrel, rel)~stage+histol+age12, design=d)", function(o, d) list(coef = nm(coef(o)), vcov = vcov(o), se = nm(SE(o))), list(formula = "Surv(edrel, rel)~stage+histol+age12", ties = "efron"), tol = 1e-5)
