# Cases of models for benchmarks/parity.py: families, links, terms, designs and options.
#
# Needs R with survey, MASS (for svyolr) and mitools, and the folder of reference results. To run:
#   cp -r ../shared/reference build/reference && chmod -R u+w build/reference
#   cat benchmarks/parity_models.R >> build/reference/open/cases_open.R
#   Rscript build/reference/make_reference.R && .venv/bin/python benchmarks/parity.py build/reference

G <- function(id, dsg, formula, family = NULL, subset = NULL, tol = 1e-5, link = NULL, extra = "") {
  words <- if (is.null(family)) NULL else if (is.null(link)) paste0(family, "()") else sprintf("%s(link='%s')", family, link)
  call <- sprintf("svyglm(%s, d%s%s)", formula, if (is.null(words)) "" else paste0(", family=", words), extra)
  op <- list(family = if (is.null(family)) "gaussian" else if (is.null(link)) family else sprintf("%s(link='%s')", family, link), formula = formula)
  if (!is.null(subset)) op$subset <- subset
  C(id, "svyglm", dsg, call, x_glm, op, tol = tol, pre = if (!is.null(subset)) sprintf("d <- subset(d, %s)", subset)) }

# families and links
G("m001", "dm", "months~sex+agegrp", "gaussian", link = "identity")
G("m002", "dm", "cost~debt+sex", "gaussian", link = "log")
G("m003", "dstrat", "api00~ell+meals", "gaussian", link = "inverse")
for (l in c("logit", "probit", "cloglog", "cauchit")) {
  G(paste0("m010_", l), "dm", "debt~sex+educ", "quasibinomial", link = l)
  G(paste0("m011_", l), "dclus1", "sch.wide~ell+meals", "quasibinomial", link = l) }
G("m012", "dm", "debt~sex", "quasibinomial", link = "log")
G("m013", "dm", "debt~sex", "quasibinomial", link = "identity")
G("m014", "dm", "debt~sex+agegrp", "binomial")
G("m020", "dm", "months~debt+agegrp", "quasipoisson", link = "log")
G("m021", "dm", "months~debt+sex", "quasipoisson", link = "identity")
G("m022", "dm", "months~debt+sex", "quasipoisson", link = "sqrt")
G("m023", "dm", "months~debt+sex", "poisson")
G("m030", "dm", "cost~debt+sex", "Gamma")
G("m031", "dm", "cost~debt+sex", "Gamma", link = "log")
G("m032", "dm", "cost~debt+sex", "Gamma", link = "identity")
G("m033", "dstrat", "enroll~stype+meals", "Gamma", link = "log")
G("m034", "dclus1", "api00~ell", "Gamma")
G("m040", "dstrat", "api00~stype", "inverse.gaussian")
G("m041", "dstrat", "api00~ell+stype", "inverse.gaussian", link = "log")
G("m042", "dm", "cost~debt", "inverse.gaussian", link = "log")
G("m043", "dstrat", "api00~stype", "inverse.gaussian", link = "identity")
G("m044", "dstrat", "api00~stype+meals", "inverse.gaussian", link = "inverse")
G("m045", "dm", "debt~sex+agegrp", "quasi")
G("m046", "dm", "months~sex+agegrp", "quasi", link = "log", extra = "")
# terms
G("m050", "dm", "debt~sex*educ", "quasibinomial")
G("m051", "dm", "debt~sex:educ+agegrp", "quasibinomial")
G("m052", "dm", "debt~(sex+agegrp)^2", "quasibinomial")
G("m053", "dm", "months~sex+country-1", "quasipoisson")
G("m054", "dm", "months~0+educ+debt")
G("m055", "dstrat", "api00~poly(ell,2)+stype")
G("m056", "dstrat", "api00~poly(meals,3,raw=TRUE)")
G("m057", "dstrat", "api00~ns(ell,df=3)+stype")
G("m058", "dstrat", "api00~bs(meals,df=5)")
G("m059", "dstrat", "api00~I(ell^2)+ell+log(meals+1)")
G("m060", "dstrat", "log(enroll)~stype*meals")
G("m061", "dm", "I(months>5)~sex+educ", "quasibinomial")
G("m062", "dm", "months~factor(debt)+factor(inc_1)*sex", "quasipoisson")
G("m063", "dnh", "HI_CHOL~race+factor(agecat)+RIAGENDR", "quasibinomial")
G("m064", "dnh", "HI_CHOL~race*RIAGENDR", "quasibinomial")
G("m065", "dstrat", "api00~sqrt(meals)+as.numeric(stype)")
G("m066", "dstrat", "api00~stype/ell")
G("m067", "dstrat", "api00~scale(ell)+stype")
G("m068", "dm", "months~relevel(educ,ref='secondary')+sex", "quasipoisson")
G("m069", "dm", "(country=='Niger')~sex+agegrp", "quasibinomial")
G("m070", "dm", "trust=='low'~sex+agegrp", "quasibinomial")
G("m071", "dm", "sex~agegrp+educ", "quasibinomial")
G("m072", "dstrat", "api00~cut(ell,c(-1,10,30,100))")
G("m073", "dstrat", "api00~ns(ell,3):sch.wide")
G("m074", "dstrat", "cbind(api00>600,api00<=600)~ell", "quasibinomial")
G("m075", "dstrat", "api00~I(ell>20)+sch.wide")
G("m076", "dstrat", "api00~exp(ell/100)+pmin(meals,50)")
G("m077", "dm", "debt~sex%in%educ", "quasibinomial")
G("m078", "dm", "months~1", "quasipoisson")
G("m079", "dm", "cost~debt*log(months+1)", "Gamma", link = "log")
# offsets
G("m080", "dm", "months~sex+offset(log(w))", "quasipoisson")
G("m081", "dstrat", "api00~stype+offset(api99)")
G("m082", "dm", "months~offset(log(w))+country*sex", "poisson")
G("m083", "dm", "debt~sex+offset(months/10)", "quasibinomial")
C("m084", "svyglm", "dm", "svyglm(months~sex, d, offset=log(w), family=quasipoisson())", x_glm, list(family = "quasipoisson", formula = "months~sex", offset = "log(w)"), tol = 1e-5)
# subsets
G("m090", "dm", "debt~sex+educ", "quasibinomial", subset = "country != 'Libya'")
G("m091", "dm", "cost~debt+sex", "Gamma", subset = "months > 3", link = "log")
G("m092", "dstrat", "api00~ell+meals", subset = "stype == 'E'")
G("m093", "dclus1", "api00~ell", subset = "sch.wide == 'Yes'")
G("m094", "dnh", "HI_CHOL~RIAGENDR", "quasibinomial", subset = "agecat == '(39,59]'")
C("m095", "svyglm", "dm", "svyglm(debt~sex, d, family=quasibinomial(), subset=agegrp=='18-24')", x_glm, list(family = "quasibinomial", formula = "debt~sex", subset = "agegrp == '18-24'"), tol = 1e-5)
# designs
for (dd in c("jk1", "boot", "boot_mse")) { G(paste0("m100_", dd), dd, "api00~ell+meals"); G(paste0("m101_", dd), dd, "sch.wide~ell", "quasibinomial"); G(paste0("m102_", dd), dd, "enroll~stype", "quasipoisson"); G(paste0("m103_", dd), dd, "api00~ell", "Gamma", subset = "stype == 'E'") }
G("m104", "jkn", "api00~stype+ell"); G("m105", "jkn", "awards~ell", "quasibinomial"); G("m106", "brr", "HI_CHOL~race", "quasibinomial"); G("m107", "brr", "HI_CHOL~RIAGENDR+offset(agecat=='(0,19]')", "quasibinomial")
G("m108", "h2", "api00~ell+meals"); G("m109", "hpbc", "log(bili)~age+albumin"); G("m110", "dsrs", "api00~stype*ell"); G("m111", "hfpc", "x~1"); G("m112", "hhosp", "births~oblevel", "quasipoisson"); G("m113", "hmu", "y1~1")
G("m114", "h2", "sch.wide~ell+meals", "quasibinomial"); G("m115", "hscd_brr", "alive~arrests"); G("m116", "hpps_br", "Bush~Kerry")
G("m117", "dlon_adjust", "api00~api99"); G("m118", "dlon_average", "api00~api99+grp"); G("m119", "dlon_remove", "api00~grp")
C("m120", "svyglm", "dm", "svyglm(debt~sex, d, family=quasibinomial())", function(o, d) list(coef = nm(coef(o)), se = nm(SE(o)), df_residual = o$df.residual, ci90 = confint(o, level = .9)), list(family = "quasibinomial", formula = "debt~sex", level = .9), tol = 1e-5)
C("m121", "svyglm", "dm", "svyglm(debt~sex+educ, d, family=quasibinomial())", function(o, d) { m <- confint(o, method = "likelihood"); list(coef = nm(coef(o)), ci95 = m) }, list(family = "quasibinomial", formula = "debt~sex+educ", ci_method = "likelihood"), tol = 1e-3)
G("m122", "dm", "debt~sex", "quasibinomial", extra = ", rescale=FALSE")
G("m123", "dm", "months~sex", "quasipoisson", extra = ", influence=TRUE")
# term tests
Tt <- function(id, dsg, formula, term, method = "Wald", df = NULL, family = NULL, tol = 1e-5, subset = NULL, null = NULL) {
  call <- sprintf("regTermTest(svyglm(%s, d%s), %s%s%s%s)", formula, if (is.null(family)) "" else sprintf(", family=%s()", family), term, if (method == "Wald") "" else sprintf(", method='%s'", method), if (is.null(df)) "" else sprintf(", df=%s", df), if (is.null(null)) "" else sprintf(", null=%s", null))
  op <- list(term = sub("~", "", term), method = method, formula = formula); if (!is.null(df)) op$df <- df; if (!is.null(family)) op$family <- family; if (!is.null(subset)) op$subset <- subset; if (!is.null(null)) op$null <- null
  C(id, "regTermTest", dsg, call, x_rtt, op, tol = tol, pre = if (!is.null(subset)) sprintf("d <- subset(d, %s)", subset)) }
for (m in c("Wald", "WorkingWald", "LRT")) {
  t <- if (m == "Wald") 1e-5 else 1e-4
  Tt(paste0("m130_", m), "dm", "debt~sex+agegrp+educ", "~educ", m, family = "quasibinomial", tol = t)
  Tt(paste0("m131_", m), "dstrat", "api00~ell+stype*meals", "~stype:meals", m, tol = t)
  Tt(paste0("m132_", m), "dm", "months~debt+country+sex", "~country+sex", m, family = "quasipoisson", tol = t)
  Tt(paste0("m133_", m), "dm", "debt~sex+agegrp", "~sex", m, df = "Inf", family = "quasibinomial", tol = t)
  Tt(paste0("m134_", m), "dclus1", "api00~ell+meals+stype", "~stype", m, df = 7, tol = t)
  Tt(paste0("m135_", m), "jk1", "api00~ell+meals", "~meals", m, tol = t)
  Tt(paste0("m136_", m), "dm", "cost~debt+sex+educ", "~educ", m, family = "Gamma", tol = t)
  Tt(paste0("m137_", m), "dm", "debt~sex+agegrp", "~agegrp", m, family = "quasibinomial", subset = "country != 'Libya'", tol = t)
  Tt(paste0("m138_", m), "boot", "api00~ell+stype", "~stype", m, tol = t) }
Tt("m139", "dm", "debt~sex*educ", "~sex*educ", family = "quasibinomial")
Tt("m140", "dm", "debt~sex+educ", "~educ", "Wald", df = "NULL", family = "quasibinomial")
Tt("m141", "dm", "debt~sex+educ", "'educ'", family = "quasibinomial")
Tt("m142", "dm", "debt~sex+educ", "~sex", family = "quasibinomial", null = "0.5")
Tt("m143", "dstrat", "api00~poly(ell,2)+stype", "~poly(ell,2)")
C("m144", "regTermTest", "dm", "regTermTest(svyolr(trust~debt+sex+country, d), ~country)", x_rtt, list(term = "country", formula = "trust~debt+sex+country", model = "svyolr"), tol = 1e-3)
C("m145", "regTermTest", "hpbc", "regTermTest(svycoxph(Surv(time,dead)~log(bili)+protime+albumin, design=d), ~protime+albumin)", x_rtt, list(term = "protime+albumin", formula = "Surv(time,dead)~log(bili)+protime+albumin", model = "svycoxph"), tol = 1e-5)
C("m146", "anova.svyglm", "dm", "{m <- svyglm(debt~sex+agegrp+educ, d, family=quasibinomial()); a <- anova(m); a}", function(o, d) list(terms = I(sapply(o, function(z) paste(z$test.terms, collapse="+"))), p = I(sapply(o, function(z) as.numeric(z$p)))), list(formula = "debt~sex+agegrp+educ"), tol = 1e-4)
C("m147", "svycontrast", "dm", "svycontrast(svyglm(debt~sex+educ, d, family=quasibinomial()), c(educsecondary=1, eductertiary=-1))", x_contrast, list(formula = "debt~sex+educ", contrast = c(educsecondary = 1, eductertiary = -1)), tol = 1e-5)
# predicted means
C("m150", "svypredmeans", "dm", "svypredmeans(svyglm(months~sex+educ, d, family=quasipoisson()), ~agegrp)", x_contrast, list(adjust = "months~sex+educ", margin = "agegrp", family = "quasipoisson"), tol = 1e-5)
C("m151", "svypredmeans", "dstrat", "svypredmeans(svyglm(api00~ell+meals, d), ~stype)", x_contrast, list(adjust = "api00~ell+meals", margin = "stype"), tol = 1e-5)
C("m152", "svypredmeans", "dm", "svypredmeans(svyglm(debt~sex*agegrp, d, family=quasibinomial(link='probit')), ~country)", x_contrast, list(adjust = "debt~sex*agegrp", margin = "country", family = "quasibinomial"), tol = 1e-5)
C("m153", "svypredmeans", "dm", "svypredmeans(svyglm(debt~sex, d, family=quasibinomial()), ~interaction(agegrp,educ))", x_contrast, list(adjust = "debt~sex", margin = "interaction(agegrp,educ)"), tol = 1e-5)
C("m154", "svypredmeans", "jk1", "svypredmeans(svyglm(api00~ell, d), ~stype)", x_contrast, list(adjust = "api00~ell", margin = "stype"), tol = 1e-5)
C("m155", "svypredmeans", "dm", "svypredmeans(svyglm(debt~sex, d, family=quasibinomial()), ~educ)", x_contrast, list(adjust = "debt~sex", margin = "educ", subset = "country != 'Sudan'"), tol = 1e-5, pre = "d <- subset(d, country != 'Sudan')")
# pseudo-R2
P <- function(id, dsg, formula, family, subset = NULL) C(id, "psrsq", dsg, sprintf("list(CoxSnell=psrsq(svyglm(%s, d, family=%s()), 'Cox-Snell'), Nagelkerke=psrsq(svyglm(%s, d, family=%s()), 'Nagelkerke'))", formula, family, formula, family), x_num, c(list(formula = formula, family = family), if (!is.null(subset)) list(subset = subset)), tol = 1e-4, pre = if (!is.null(subset)) sprintf("d <- subset(d, %s)", subset))
P("m160", "dm", "debt~agegrp*sex", "quasibinomial"); P("m161", "dm", "months~debt+sex", "quasipoisson"); P("m162", "dclus1", "sch.wide~ell+meals", "quasibinomial"); P("m163", "dm", "debt~educ", "quasibinomial", "country == 'Niger'"); P("m164", "dnh", "HI_CHOL~race+RIAGENDR", "quasibinomial"); P("m165", "boot", "sch.wide~ell", "quasibinomial")
C("m166", "psrsq", "dm", "psrsq(svyglm(debt~sex+educ, d, family=quasibinomial()), method='Nagelkerke')", x_num, list(formula = "debt~sex+educ", method = "Nagelkerke"), tol = 1e-4)
P("m167", "dstrat", "api00~ell+meals", "gaussian"); P("m168", "dm", "cost~debt", "Gamma")
# ordinal
O <- function(id, dsg, formula, method = NULL, subset = NULL, tol = 1e-3) C(id, "svyolr", dsg, sprintf("svyolr(%s, d%s)", formula, if (is.null(method)) "" else sprintf(", method='%s'", method)), x_olr, c(list(formula = formula), if (!is.null(method)) list(method = method), if (!is.null(subset)) list(subset = subset)), tol = tol, pre = if (!is.null(subset)) sprintf("d <- subset(d, %s)", subset))
for (m in c("logistic", "probit", "cloglog", "cauchit")) { O(paste0("m170_", m), "dm", "trust~debt+sex", m); O(paste0("m171_", m), "dm", "educ~sex+agegrp", m) }
O("m172", "dm", "trust~debt*sex+months"); O("m173", "dm", "trust~sex", subset = "country != 'Libya'"); O("m174", "dnh", "agecat~HI_CHOL+RIAGENDR"); O("m175", "dclus1", "stype~ell+meals", tol = 2e-3); O("m176", "jk1", "stype~ell"); O("m177", "dm", "agegrp~factor(debt)+log(months+1)")
# hazards
H <- function(id, dsg, formula, extra = "", op = list(), subset = NULL, tol = 1e-5) C(id, "svycoxph", dsg, sprintf("svycoxph(%s, design=d%s)", formula, extra), function(o, d) list(coef = nm(coef(o)), vcov = vcov(o), se = nm(SE(o))), c(list(formula = formula), op, if (!is.null(subset)) list(subset = subset)), tol = tol, pre = if (!is.null(subset)) sprintf("d <- subset(d, %s)", subset))
H("m180", "hpbc", "Surv(time, dead)~age+sex"); H("m181", "hpbc", "Surv(time, dead)~age+albumin", ", ties='breslow'", list(ties = "breslow")); H("m182", "hpbc", "Surv(time, status>0)~bili+factor(trt)")
H("m183", "hpbc", "Surv(time, status==2)~log(bili)+edema"); H("m184", "hpbc", "Surv(time, dead)~albumin+strata(sex)"); H("m185", "hpbc", "Surv(time, dead)~age+sex", subset = "bili < 3"); H("m186", "hpbc", "Surv(time, dead)~ns(age,3)+sex"); H("m187", "hpbc", "Surv(time, dead)~age*sex")
H("m188", "hpbc", "Surv(time, dead)~age+cluster(edema)"); H("m189", "dm", "Surv(months+1, debt)~sex+agegrp"); H("m190", "dm", "Surv(months+1, debt)~sex", ", method='breslow'", list(ties = "breslow")); H("m191", "hpbc", "Surv(age, age+time/365.25, dead)~sex+log(bili)"); H("m192", "hpbc", "Surv(time, dead)~offset(log(bili))+age")
design("pbcjk", "d <- as.svrepdesign(svydesign(id=~1, prob=~randprob, strata=~edema, data=pbc_rand), type='JKn', compress=FALSE)", list(dataset = "pbc_rand", type = "replicate", method = "JKn", ids = I("1"), strata = "edema", prob = "randprob"))
H("m193", "pbcjk", "Surv(time, dead)~age+sex")
H("m194", "hpbc", "Surv(time, dead)~age+strata(sex,trt)", ", method='breslow'", list(method = "breslow")); H("m195", "hpbc", "Surv(age, age+time/365.25, dead)~albumin*sex+strata(trt)+offset(log(bili))"); H("m196", "hpbc", "Surv(time, dead)~age+sex+strata(trt)", subset = "bili < 3")
K <- function(id, dsg, formula, parm, op = list()) C(id, "svykm", dsg, sprintf("svykm(%s, design=d, se=TRUE)", formula), function(o, d) list(q = nm(quantile(o, c(.9, .75))), ci = confint(o, parm = parm)), c(list(formula = formula, se = TRUE), op))
K("m197", "hpbc", "Surv(time, dead)~1", c(200, 1000, 3000)); K("m198", "dm", "Surv(months, debt)~1", c(2, 5, 9)); K("m199", "hpbc", "Surv(time, status==2)~1", c(200, 1000, 3000))
# log-linear
L <- function(id, dsg, vars, big, subset = NULL, small = vars) { f <- paste0("~", paste(small, collapse = "+")); call <- sprintf("anova(update(svyloglin(%s, d), ~.^2), svyloglin(%s, d))", f, f)
  C(id, "svyloglin", dsg, call, function(o, d) { r <- capture.output(print(o)); g <- function(k) as.numeric(strsplit(sub("^ *", "", sub("p=", "", sub(paste0("^", k, "="), "", grep(paste0("^", k), r, value = TRUE)))), " +")[[1]]); a <- g("Deviance"); b <- g("Score"); list(deviance = a[1], p_deviance = a[2], score = b[1], p_score = b[2]) }, c(list(vars = I(vars)), if (!is.null(subset)) list(subset = subset)), tol = 1e-3, pre = if (!is.null(subset)) sprintf("d <- subset(d, %s)", subset)) }
L("m200", "dm", c("trust", "educ")); L("m201", "dm", c("trust", "sex", "educ")); L("m202", "dstrat", c("stype", "sch.wide", "awards")); L("m203", "dnh", c("race", "RIAGENDR")); L("m204", "dm", c("sex", "agegrp"), subset = "country != 'Libya'"); L("m205", "dm", c("debt", "sex"))
C("m206", "svyloglin", "dm", "svyloglin(~trust+sex, d)", function(o, d) list(coef = nm(coef(o)), vcov = vcov(o), deviance = deviance(o)), list(formula = "~trust+sex", vars = I(c("trust", "sex"))), tol = 1e-4)
C("m207", "svyloglin", "dm", "svyloglin(~trust*sex, d)", function(o, d) list(coef = nm(coef(o)), se = sqrt(diag(vcov(o)))), list(formula = "~trust*sex"), tol = 1e-4)
C("m208", "svyloglin", "dm", "anova(svyloglin(~trust*sex+educ, d), svyloglin(~trust+sex+educ, d))", function(o, d) { r <- capture.output(print(o)); g <- function(k) as.numeric(strsplit(sub("^ *", "", sub("p=", "", sub(paste0("^", k, "="), "", grep(paste0("^", k), r, value = TRUE)))), " +")[[1]]); a <- g("Deviance"); b <- g("Score"); list(deviance = a[1], p_deviance = a[2], score = b[1], p_score = b[2]) }, list(vars = I(c("trust", "sex", "educ")), larger = "~trust*sex+educ", smaller = "~trust+sex+educ"), tol = 1e-3)
# imputations
MI <- function(id, what, op, extra = "") C(id, "MIcombine", "hstrat", sprintf("mitools::MIcombine(with(svydesign(id=~1, strata=~stype, weights=~pw, fpc=~fpc, data=mitools::imputationList(split(api_mi5, api_mi5$imp))), %s)%s)", what, extra), function(o, d) list(coef = nm(coef(o)), vcov = vcov(o), se = setNames(sqrt(diag(vcov(o))), names(coef(o))), df = as.numeric(o$df), missinfo = as.numeric(o$missinfo), nimp = o$nimp), c(op, list(dataset = "api_mi5")))
MI("m210", "svytotal(~ell)", list(y = I("ell"), stat = "total")); MI("m211", "svyglm(api00~ell+meals)", list(formula = "api00~ell+meals")); MI("m212", "svymean(~ell)", list(y = I("ell"), df_complete = 197), extra = ", df.complete=197"); MI("m213", "svyratio(~ell, ~meals)", list(num = I("ell"), den = I("meals"))); MI("m214", "svymean(~stype+ell)", list(y = I(c("stype", "ell")))); MI("m215", "svyglm(I(api00>650)~ell, family=quasibinomial())", list(formula = "I(api00>650)~ell", family = "quasibinomial")); MI("m216", "svyby(~ell, ~stype, svymean)", list(y = I("ell"), by = I("stype")))
