# More cases for benchmarks/parity.py: the same data, other designs and options.
#
# Needs R with survey, and the folder of reference results. To run:
#   cp -r ../shared/reference build/reference && chmod -R u+w build/reference
#   cat benchmarks/parity_more.R >> build/reference/open/cases_open.R
#   Rscript build/reference/make_reference.R && .venv/bin/python benchmarks/parity.py build/reference
# Last run with R 4.2.2, survey 4.1-1: none differs; unsupported are those in which R contradicts
# itself (x52), counts unanswered rows (x14_beta, x22_Chisq), drops a number (x11), answers NA
# (x74), or leaves a quantile to rounding (some of x83 to x85), or treats
# replicates in another way than samples (x95_lincom, x97_logit).

I1 <- function(...) I(c(...))
design("hs", "d <- svydesign(id=~1, strata=~stype, weights=~pw, fpc=~fpc, data=apistrat)", list(dataset="apistrat", type="taylor", ids=I("1"), strata="stype", weights="pw", fpc=I("fpc")))
design("imp", "d <- svydesign(id=~1, strata=~stype, fpc=~fpc, data=apistrat)", list(dataset="apistrat", type="taylor", ids=I("1"), strata="stype", weights=NULL, fpc=I("fpc")))
design("prb", "d <- svydesign(id=~1, prob=~randprob, data=pbc_rand)", list(dataset="pbc_rand", type="taylor", ids=I("1"), prob="randprob"))
C("x01","svymean","h2","svymean(~enroll, d, na.rm=TRUE, deff=TRUE)",x_stat,list(y=I("enroll"),na_rm=TRUE,deff=TRUE))
C("x02","svytotal","h2","svytotal(~enroll+api00, d, na.rm=TRUE, deff='replace')",x_stat,list(y=I1("enroll","api00"),na_rm=TRUE,deff="replace"))
C("x03","svyby","h2","svyby(~api00, ~stype, d, svymean, deff=TRUE)",x_by,list(y=I("api00"),by=I("stype"),stat="mean"))
C("x04","svyby","h2","svyby(~enroll, ~stype+sch.wide, d, svytotal, na.rm=TRUE)",x_by,list(y=I("enroll"),by=I1("stype","sch.wide"),stat="total",na_rm=TRUE))
C("x05","svyratio","h2","svyratio(~api.stu, ~enroll, d, na.rm=TRUE)",x_ratio,list(num=I("api.stu"),den=I("enroll"),na_rm=TRUE))
C("x06","svymean","h2","svymean(~api00, d, deff=TRUE)",x_stat,list(y=I("api00"),deff=TRUE,subset="stype == 'E' & api99 > 600"),pre="d <- subset(d, stype=='E' & api99 > 600)")
C("x07","svyby","h2","svyby(~api00, ~stype, d, svymean, covmat=TRUE)",x_by,list(y=I("api00"),by=I("stype"),stat="mean",covmat=TRUE))
C("x08","svyby","dstrat","svyby(~enroll, ~sch.wide+awards, d, svymean, deff='replace')",x_by,list(y=I("enroll"),by=I1("sch.wide","awards"),stat="mean",deff="replace"))
C("x09","svyby","dclus1","svyby(~stype, ~sch.wide, d, svymean, covmat=TRUE)",x_by,list(y=I("stype"),by=I("sch.wide"),stat="mean",covmat=TRUE))
C("x11","svyratio","dm","svyratio(~months+debt, ~w, d, deff='replace')",x_ratio,list(num=I1("months","debt"),den=I("w"),deff="replace"))
C("x12","svyratio","dm","svyratio(~cost, ~months, d, na.rm=TRUE, deff=TRUE)",x_ratio,list(num=I("cost"),den=I("months"),na_rm=TRUE,deff=TRUE))
for (m in c("beta","logit","xlogit","asin","mean")) { C(paste0("x13_",m),"svyciprop","dm",sprintf("svyciprop(~debt, d, method='%s', level=.9)",m),x_cip,list(y="debt",method=m,level=.9,subset="sex == 'female'"),pre="d <- subset(d, sex=='female')")
 C(paste0("x14_",m),"svyciprop","dnh",sprintf("svyciprop(~HI_CHOL, d, method='%s', na.rm=TRUE)",m),x_cip,list(y="HI_CHOL",method=m,na_rm=TRUE))
 C(paste0("x15_",m),"svyby","dm",sprintf("svyby(~inc_1, ~sex, d, svyciprop, vartype='ci', method='%s')",m),function(o,d) list(by=I(as.character(o$sex)),coef=as.numeric(coef(o)),lower=I(as.numeric(o$ci_l)),upper=I(as.numeric(o$ci_u))),list(y=I("inc_1"),by=I("sex"),stat="ciprop",method=m))
 C(paste0("x16_",m),"svyciprop","h2",sprintf("svyciprop(~I(stype=='E'), d, method='%s', df=20)",m),x_cip,list(y="stype == 'E'",method=m,df=20)) }
for (st in c("F","Chisq","Wald","adjWald")) { C(paste0("x20_",st),"svychisq","dstrat",sprintf("svychisq(~awards+stype, d, statistic='%s')",st),x_ht,list(rows="awards",cols="stype",statistic=st))
 C(paste0("x21_",st),"svychisq","dm",sprintf("svychisq(~educ+trust, d, statistic='%s')",st),x_ht,list(rows="educ",cols="trust",statistic=st,subset="country != 'Libya'"),pre="d <- subset(d, country != 'Libya')")
 C(paste0("x22_",st),"svychisq","dnh",sprintf("svychisq(~HI_CHOL+agecat, d, statistic='%s')",st),x_ht,list(rows="HI_CHOL",cols="agecat",statistic=st,na_rm=TRUE))
 C(paste0("x23_",st),"svychisq","h2",sprintf("svychisq(~stype+sch.wide, d, statistic='%s')",st),x_ht,list(rows="stype",cols="sch.wide",statistic=st)) }
C("x30","svyttest","dm","svyttest(cost~sex, d)",x_ht,list(y="cost",group="sex"))
C("x31","svyttest","dm","svyttest(months~debt, d)",x_ht,list(y="months",group="debt",subset="country == 'Niger'"),pre="d <- subset(d, country=='Niger')")
C("x32","svyttest","h2","svyttest(api00~sch.wide, d)",x_ht,list(y="api00",group="sch.wide"))
C("x33","svyttest","dm","svyttest(months~0, d)",x_ht,list(y="months",mu=0))
C("x40","svytable","dnh","svytable(~HI_CHOL+race, d)",x_tab,list(rows="HI_CHOL",cols="race"))
C("x41","svytable","dm","svytable(~educ+sex, d, Ntotal=612)",x_tab,list(rows="educ",cols="sex",Ntotal=612,subset="agegrp == '45+'"),pre="d <- subset(d, agegrp == '45+')")
for (lp in c("remove","certainty","adjust","average")) for (al in c(FALSE,TRUE)) { o <- list(survey.adjust.domain.lonely=al); k <- function(...) c(list(...), if (al) list(adjust_domain_lonely=TRUE))
 C(paste0("x50_",lp,al),"svyby",paste0("dlon_",lp),"svyby(~api00, ~grp, d, svymean)",x_by,k(y=I("api00"),by=I("grp"),stat="mean",lonely_psu=lp),opts=o)
 C(paste0("x51_",lp,al),"svyby",paste0("dlon_",lp),"svyby(~api00, ~grp, d, svytotal)",x_by,k(y=I("api00"),by=I("grp"),stat="total",lonely_psu=lp),opts=o)
 C(paste0("x52_",lp,al),"svyby",paste0("dlon_",lp),"svyby(~api00, ~grp, d, svymean, covmat=TRUE)",x_by,k(y=I("api00"),by=I("grp"),stat="mean",lonely_psu=lp,covmat=TRUE),opts=o)
 C(paste0("x53_",lp,al),"svytotal",paste0("dlon_",lp),"svytotal(~enroll, d)",x_stat,k(y=I("enroll"),lonely_psu=lp,subset="api99 > 500"),pre="d <- subset(d, api99 > 500)",opts=o)
 C(paste0("x54_",lp,al),"svyratio",paste0("dlon_",lp),"svyratio(~api00, ~api99, d)",x_ratio,k(num=I("api00"),den=I("api99"),lonely_psu=lp),opts=o)
 C(paste0("x55_",lp,al),"svychisq",paste0("dlon_",lp),"svychisq(~stype+grp, d, statistic='F')",x_ht,k(rows="stype",cols="grp",statistic="F",lonely_psu=lp),opts=o) }
C("x60","rake","dstrat","rake(d, list(~sch.wide,~awards), list(data.frame(sch.wide=c('No','Yes'),Freq=c(1072,5122)),data.frame(awards=c('No','Yes'),Freq=c(2394,3800))), control=list(maxit=300,epsilon=1e-9))",x_w(~api00+enroll),list(margins=list(sch.wide=c(No=1072,Yes=5122),awards=c(No=2394,Yes=3800)),epsilon=1e-9))
C("x61","rake","h2","rake(d, list(~sch.wide,~stype), list(data.frame(sch.wide=c('No','Yes'),Freq=c(1072,5122)),data.frame(stype=c('E','H','M'),Freq=c(4421,755,1018))), control=list(maxit=300,epsilon=1e-9))",x_w(~api00),list(margins=list(sch.wide=c(No=1072,Yes=5122),stype=c(E=4421,H=755,M=1018)),epsilon=1e-9))
C("x62","postStratify","dm","postStratify(d, ~sex+educ, {z <- expand.grid(sex=c('female','male'),educ=c('none','primary','secondary','tertiary')); z$Freq <- c(5000,9000,6000,8000,4000,7000,1500,2500); z})",x_w(~debt+months),list(cells=I1("sex","educ"),N=c(female.none=5000,male.none=9000,female.primary=6000,male.primary=8000,female.secondary=4000,male.secondary=7000,female.tertiary=1500,male.tertiary=2500)))
C("x63","calibrate","dm","calibrate(d, ~sex+agegrp+months, c(`(Intercept)`=43000,sexmale=27000,`agegrp25-34`=17000,`agegrp35-44`=8000,`agegrp45+`=3000,months=215000))",x_w(~debt+inc_2),list(calfun="linear",formula="~sex+agegrp+months",population=c("(Intercept)"=43000,sexmale=27000,"agegrp25-34"=17000,"agegrp35-44"=8000,"agegrp45+"=3000,months=215000)))
C("x65","postStratify","h2","postStratify(d, ~stype, data.frame(stype=c('E','H','M'),Freq=c(4421,755,1018)))",x_w(~api00),list(cells="stype",N=c(E=4421,H=755,M=1018)))
C("x70","svymean","imp","svymean(~api00+stype, d, deff=TRUE)",x_stat,list(y=I1("api00","stype"),deff=TRUE))
C("x71","svymean","prb","svymean(~age+sex, d)",x_stat,list(y=I1("age","sex")))
C("x72","svytotal","hfpc","svytotal(~x, d, deff=TRUE)",x_stat,list(y=I("x"),deff=TRUE))
C("x73","svymean","dm","svymean(~trust+cost, d, na.rm=TRUE)",x_stat,list(y=I1("trust","cost"),na_rm=TRUE,subset="country %in% c('Niger','Sudan') | months >= 9"),pre="d <- subset(d, country %in% c('Niger','Sudan') | months >= 9)")
C("x74","svymean","dnh","svymean(~HI_CHOL, d)",x_stat,list(y=I("HI_CHOL")))
C("x75","svyby","dm","svyby(~months+debt, ~country, d, svyratio, denominator=~w)",x_by,list(num=I1("months","debt"),den=I("w"),by=I("country"),stat="ratio"))
C("x76","svyby","hmu","svyby(~y1, ~id1, d, svytotal)",x_by,list(y=I("y1"),by=I("id1"),stat="total"))
C("x77","svyby","dm","svyby(~trust+sex, ~country, d, svytotal)",x_by,list(y=I1("trust","sex"),by=I("country"),stat="total"))
C("x78","svymean","dclus1","svymean(~api00, d, deff=TRUE)",x_stat,list(y=I("api00"),deff=TRUE,subset="dnum == 637"),pre="d <- subset(d, dnum==637)")
for (q in c("math","school","shahvaish",paste0("hf",1:9))) { C(paste0("x80_",q),"svyquantile","dm",sprintf("svyquantile(~cost+months, d, quantiles=c(.1,.5,.95), na.rm=TRUE, qrule='%s')",q),x_q,list(y=I1("cost","months"),quantiles=I1(.1,.5,.95),interval_type="mean",qrule=q,na_rm=TRUE))
 C(paste0("x81_",q),"svyquantile","dclus1",sprintf("svyquantile(~api00, d, quantiles=c(.25,.5), interval.type='beta', qrule='%s')",q),x_q,list(y=I("api00"),quantiles=I1(.25,.5),interval_type="beta",qrule=q,subset="stype == 'E'"),pre="d <- subset(d, stype=='E')")
 C(paste0("x82_",q),"svyquantile","dsrs",sprintf("svyquantile(~api00, d, quantiles=c(.25,.5,.75), qrule='%s')",q),x_q,list(y=I("api00"),quantiles=I1(.25,.5,.75),interval_type="mean",qrule=q))
 C(paste0("x83_",q),"svyquantile","hhosp",sprintf("svyquantile(~births, d, quantiles=c(.2,.5,.8), interval.type='xlogit', qrule='%s', alpha=.1)",q),x_q,list(y=I("births"),quantiles=I1(.2,.5,.8),interval_type="xlogit",qrule=q,alpha=.1)) }
for (it in c("mean","beta","xlogit","asin","score")) { C(paste0("x84_",it),"svyquantile","h2",sprintf("svyquantile(~api00, d, quantiles=c(.1,.5,.9), interval.type='%s', qrule='hf7', df=20)",it),x_q,list(y=I("api00"),quantiles=I1(.1,.5,.9),interval_type=it,qrule="hf7",df=20))
 C(paste0("x85_",it),"svyquantile","dsrs",sprintf("svyquantile(~api99+enroll, d, quantiles=c(.3,.6), interval.type='%s')",it),x_q,list(y=I1("api99","enroll"),quantiles=I1(.3,.6),interval_type=it,qrule="math"),tol=if(it=="score") 1e-4 else 1e-6)
 C(paste0("x86_",it),"svyquantile","dclus1",sprintf("svyquantile(~meals, d, quantiles=.5, interval.type='%s', qrule='hf8')",it),x_q,list(y=I("meals"),quantiles=I(.5),interval_type=it,qrule="hf8")) }
design("jknm", "d <- as.svrepdesign(svydesign(id=~site, strata=~country, weights=~w, data=m612), type='JKn', mse=TRUE, compress=FALSE)", list(dataset="m612", type="replicate", method="JKn", ids=I("site"), strata="country", weights="w", mse=TRUE))
design("jknh", "d <- as.svrepdesign(svydesign(id=~hospno, strata=~oblevel, weights=~weighta, fpc=~tothosp, data=hospital), type='JKn', compress=FALSE)", list(dataset="hospital", type="replicate", method="JKn", ids=I("hospno"), strata="oblevel", weights="weighta", fpc=I("tothosp")))
design("bootj", "d <- svrepdesign(data=apiclus1_boot60[,1:11], repweights=apiclus1_boot60[,12:71], weights=~pw, type='other', combined.weights=TRUE, scale=0.02, rscales=rep(.8,60), mse=TRUE)", list(dataset="apiclus1_boot60", type="replicate", method="other_given", weights="pw", repweights_prefix="bw", n_replicates=60, scale=.02, rscales=.8, mse=TRUE, combined_weights=TRUE))
for (dd in c("jknm")) { C("x90","svymean",dd,"svymean(~cost+trust, d, na.rm=TRUE, deff=TRUE)",x_stat,list(y=I1("cost","trust"),na_rm=TRUE,deff=TRUE))
 C("x91","svytotal",dd,"svytotal(~debt+months, d, deff=TRUE)",x_stat,list(y=I1("debt","months"),deff=TRUE))
 C("x92","svyby",dd,"svyby(~debt, ~sex, d, svymean, covmat=TRUE)",x_by,list(y=I("debt"),by=I("sex"),stat="mean",covmat=TRUE))
 C("x93","svymean",dd,"svymean(~debt, d)",x_stat,list(y=I("debt"),subset="country %in% c('Niger','Sudan')"),pre="d <- subset(d, country %in% c('Niger','Sudan'))")
 C("x94","svyvar",dd,"svyvar(~months+debt, d)",function(o, d) list(var = { m <- as.matrix(o); m }, se = as.numeric(sqrt(diag(as.matrix(attr(o, "var")))))),list(y=I1("months","debt")))
 for (st in c("F","Chisq","Wald","adjWald","lincom")) C(paste0("x95_",st),"svychisq",dd,sprintf("svychisq(~trust+sex, d, statistic='%s')",st),x_ht,list(rows="trust",cols="sex",statistic=st))
 C("x96","svyttest",dd,"svyttest(months~sex, d)",x_ht,list(y="months",group="sex"))
 for (m in c("beta","xlogit","asin","mean","logit")) C(paste0("x97_",m),"svyciprop",dd,sprintf("svyciprop(~debt, d, method='%s')",m),x_cip,list(y="debt",method=m))
 C("x98","svyquantile",dd,"svyquantile(~months, d, quantiles=c(.25,.5,.75))",x_q,list(y=I("months"),quantiles=I1(.25,.5,.75),interval_type="mean",qrule="math"))
 C("x99","svyby",dd,"svyby(~debt, ~country+sex, d, svymean)",x_by,list(y=I("debt"),by=I1("country","sex"),stat="mean"))
 C("xa0","svytable",dd,"svytable(~educ+sex, d)",x_tab,list(rows="educ",cols="sex"))
 C("xa1","rake",dd,"rake(d, list(~sex,~agegrp), list(data.frame(sex=c('female','male'),Freq=c(16000,27000)), data.frame(agegrp=c('18-24','25-34','35-44','45+'),Freq=c(15000,17000,8000,3000))), control=list(maxit=500, epsilon=1e-8))",function(o, d) list(mean = x_stat(svymean(~debt+months, o), o), weights_summary = wsum(weights(o, "sampling"))),list(margins=list(sex=c(female=16000,male=27000),agegrp=c("18-24"=15000,"25-34"=17000,"35-44"=8000,"45+"=3000)),epsilon=1e-8)) }
C("xa2","as.svrepdesign","jknm","d",x_rep(~debt+months),list(y=I1("debt","months")))
C("xa3","svytotal","jknh","svytotal(~births, d)",x_stat,list(y=I("births")))
C("xa4","svyby","jknh","svyby(~births, ~oblevel, d, svymean)",x_by,list(y=I("births"),by=I("oblevel"),stat="mean"))
for (q in c("math","school","hf7")) C(paste0("xa5_",q),"svyquantile","bootj",sprintf("svyquantile(~enroll, d, quantiles=c(.2,.5), interval.type='quantile', qrule='%s')",q),x_q,list(y=I("enroll"),quantiles=I1(.2,.5),interval_type="quantile",qrule=q))
C("xa6","svyratio","bootj","svyratio(~api00+enroll, ~api99, d)",x_ratio,list(num=I1("api00","enroll"),den=I("api99")))
C("xa7","svymean","boot","svymean(~stype, d)",x_stat,list(y=I("stype"),subset="sch.wide == 'Yes'"),pre="d <- subset(d, sch.wide=='Yes')")
