# Reference cases of designs, intervals and tests beyond those that are given, in the same schema: every
# option that R's `survey` 4.1-1 offers for an operation.
#
# Beside the reference results, copy `make_reference.R` into a folder of its own and make `open/cases`,
# `open/data` and `open/cases_open.R` in it: the given one without its lines that begin with C( or with a loop
# over C(, and then this file. `Rscript make_reference.R` writes the cases; `python benchmarks/parity.py` on
# that folder compares. Of those unsupported, R has no number, or its number is an accident that
# docs/methods.md names.

# ---- designs in the style of the open ones
design("h2_nofpc", "d <- svydesign(id=~dnum+snum, weights=~pw, data=apiclus2)", list(dataset="apiclus2", type="taylor", ids=I(c("dnum","snum")), weights="pw"))
design("h2_nw", "d <- svydesign(id=~dnum+snum, fpc=~fpc1+fpc2, data=apiclus2)", list(dataset="apiclus2", type="taylor", ids=I(c("dnum","snum")), weights=NULL, fpc=I(c("fpc1","fpc2"))))
design("h2_1", "d <- svydesign(id=~dnum, fpc=~fpc1, weights=~pw, data=apiclus2)", list(dataset="apiclus2", type="taylor", ids=I("dnum"), weights="pw", fpc=I("fpc1")))
design("dsrs_nw", "d <- svydesign(id=~1, fpc=~fpc, data=apisrs)", list(dataset="apisrs", type="taylor", ids=I("1"), fpc=I("fpc")))
design("hpps_ov", "d <- svydesign(id=~1, fpc=~p, data=election_pps, pps='overton')", list(dataset="election_pps", type="taylor", ids=I("1"), fpc=I("p"), pps="overton"))
design("hpps_ov_yg", "d <- svydesign(id=~1, fpc=~p, data=election_pps, pps='overton', variance='YG')", list(dataset="election_pps", type="taylor", ids=I("1"), fpc=I("p"), pps="overton", variance="YG"))
design("hpps_hr", "d <- svydesign(id=~1, fpc=~p, data=election_pps, pps=HR(sum(election_pps$p^2)/40))", list(dataset="election_pps", type="taylor", ids=I("1"), fpc=I("p"), pps="HR(sum(p^2)/40)"))
design("hpps_hr1", "d <- svydesign(id=~1, fpc=~p, data=election_pps, pps=HR())", list(dataset="election_pps", type="taylor", ids=I("1"), fpc=I("p"), pps="HR"))
design("hpps_hr1_yg", "d <- svydesign(id=~1, fpc=~p, data=election_pps, pps=HR(), variance='YG')", list(dataset="election_pps", type="taylor", ids=I("1"), fpc=I("p"), pps="HR()", variance="YG"))
design("hpps_prob", "d <- svydesign(id=~1, prob=~p, data=election_pps)", list(dataset="election_pps", type="taylor", ids=I("1"), prob="p"))
design("jkn2", "d <- as.svrepdesign(svydesign(id=~hospno, strata=~oblevel, weights=~weighta, fpc=~tothosp, data=hospital), type='JKn', mse=TRUE)", list(dataset="hospital", type="replicate", method="JKn", ids=I("hospno"), strata="oblevel", weights="weighta", fpc=I("tothosp"), mse=TRUE))
design("jkauto", "d <- as.svrepdesign(svydesign(id=~dnum, weights=~pw, fpc=~fpc, data=apiclus1))", list(dataset="apiclus1", type="replicate", method="JK1", ids=I("dnum"), weights="pw", fpc=I("fpc")))
design("jkn_nofpc", "d <- as.svrepdesign(svydesign(id=~site, strata=~country, weights=~w, data=m612), type='JKn')", list(dataset="m612", type="replicate", method="JKn", ids=I("site"), strata="country", weights="w"))
design("scd_fay_as", "d <- as.svrepdesign(svydesign(id=~ambulance, strata=~ESA, data=scd, nest=TRUE, weights=rep(1,6)), type='Fay', fay.rho=0.3)", list(dataset="scd", type="replicate", method="Fay", rho=.3, ids=I("ambulance"), strata="ESA", nest=TRUE, weights="1"))
design("scd_brr_as", "d <- as.svrepdesign(svydesign(id=~ambulance, strata=~ESA, data=scd, nest=TRUE, weights=rep(1,6)), type='BRR')", list(dataset="scd", type="replicate", method="BRR", ids=I("ambulance"), strata="ESA", nest=TRUE, weights="1"))
design("scd_brr_mse", c(scdrep, "d <- svrepdesign(data=scd, type='BRR', repweights=scdrep, combined.weights=FALSE, weights=rep(1,6), mse=TRUE)"), list(dataset="scd", type="replicate", method="BRR_given", combined_weights=FALSE, weights=NULL, mse=TRUE, repweights_inline=list(I(c(2,0,2,0,2,0)), I(c(2,0,0,2,0,2)), I(c(0,2,2,0,0,2)), I(c(0,2,0,2,2,0)))))
mk <- function(t, extra="", spec=list()) design(paste0("given_", t, if (nchar(extra)) "_x" else ""), sprintf("d <- svrepdesign(data=apiclus1_boot60[,1:11], repweights=apiclus1_boot60[,12:71], weights=~pw, type='%s', combined.weights=TRUE%s)", t, extra), c(list(dataset="apiclus1_boot60", type="replicate", method=paste0(t, "_given"), weights="pw", repweights_prefix="bw", n_replicates=60, combined_weights=TRUE), spec))
mk("ACS"); mk("successive-difference"); mk("JK2"); mk("other", ", scale=0.02, rscales=rep(1:2,30)", list(scale=.02, rscales=I(rep(1:2,30)))); mk("JK1"); mk("JK1", ", scale=0.5", list(scale=.5)); mk("JKn", ", rscales=rep(.9,60)", list(rscales=.9)); mk("bootstrap"); mk("BRR"); mk("Fay", ", rho=.4", list(rho=.4)); mk("ACS", ", mse=TRUE", list(mse=TRUE)); mk("bootstrap", ", bootstrap.average=5", list(bootstrap.average=5));mk("JK1", ", fpc=rep(.2,60), fpctype='fraction', scale=.5", list(scale=.5,fpc=.2,fpctype="fraction"))
reps <- c("given_ACS","given_successive-difference","given_JK2","given_other_x","given_JK1","given_JKn_x","given_bootstrap","given_BRR","given_Fay_x","given_ACS_x","given_bootstrap_x","given_JK1_x")
for (r in reps) C(paste0("x_rep_", r), "svymean", r, "svymean(~api00+stype, d)", x_stat, list(y=I(c("api00","stype"))))
C("x_rep_total","svytotal","given_ACS","svytotal(~enroll, d)", x_stat, list(y=I("enroll")))
C("x_rep_as","as.svrepdesign","given_ACS","d",x_rep(~api00+enroll), list(y=I(c("api00","enroll"))))
C("x_rep_as2","as.svrepdesign","jkn2","d",x_rep(~births), list(y=I("births")))
C("x_rep_as3","as.svrepdesign","scd_fay_as","d",x_rep(~alive+arrests), list(y=I(c("alive","arrests"))))
C("x_rep_as4","as.svrepdesign","jkauto","d",x_rep(~api00+enroll), list(y=I(c("api00","enroll"))))
C("x_rep_as5","as.svrepdesign","scd_brr_mse","d",x_rep(~alive+arrests), list(y=I(c("alive","arrests"))))
for (r in c("boot","jk1","jkn_nofpc")) {
 v <- if (r=="jkn_nofpc") "debt" else "api00"; g <- if (r=="jkn_nofpc") "country" else "stype"; g2 <- if (r=="jkn_nofpc") "trust" else "sch.wide"
 C(paste0("x_",r,"_bytotal"),"svyby",r,sprintf("svyby(~%s, ~%s, d, svytotal)",v,g),x_by,list(y=I(v),by=I(g),stat="total"))
 C(paste0("x_",r,"_bycov"),"svyby",r,sprintf("svyby(~%s, ~%s, d, svymean, covmat=TRUE)",v,g),x_by,list(y=I(v),by=I(g),stat="mean",covmat=TRUE))
 C(paste0("x_",r,"_var"),"svyvar",r,sprintf("svyvar(~%s, d)",v),function(o,d) list(var=as.matrix(o), se=as.numeric(SE(o))),list(y=I(v)))
 C(paste0("x_",r,"_ttest"),"svyttest",r,sprintf("svyttest(%s~%s, d)",v,if (r=="jkn_nofpc") "sex" else "sch.wide"),x_ht,list(y=v,group=if (r=="jkn_nofpc") "sex" else "sch.wide"))
 C(paste0("x_",r,"_sub"),"svymean",r,sprintf("svymean(~%s, d)",v),x_stat,list(y=I(v),subset=sprintf("%s == '%s'",g,if(r=="jkn_nofpc")"Niger" else "E")),pre=sprintf("d <- subset(d, %s=='%s')",g,if(r=="jkn_nofpc")"Niger" else "E"))
 for (s in c("F","Chisq","lincom","saddlepoint","Wald","adjWald")) C(paste0("x_",r,"_chisq_",s),"svychisq",r,sprintf("svychisq(~%s+%s, d, statistic='%s')",g2,g,s),x_ht,list(rows=g2,cols=g,statistic=s),tol=if(s%in%c("lincom","saddlepoint"))1e-4 else 1e-6)
 for (q in c("mean","quantile")) for (qr in c("math","school","hf6","hf7")) C(paste0("x_",r,"_q_",q,qr),"svyquantile",r,sprintf("svyquantile(~%s, d, quantiles=c(.25,.5,.75), interval.type='%s', qrule='%s')",if(v=="debt")"months" else v,q,qr),x_q,list(y=I(if(v=="debt")"months" else v),quantiles=I(c(.25,.5,.75)),interval_type=q,qrule=qr))
 for (m in c("logit","likelihood","asin","beta","mean","xlogit")) C(paste0("x_",r,"_cip_",m),"svyciprop",r,sprintf("svyciprop(~I(%s), d, method='%s')",if(v=="debt")"debt==1" else "api00>700",m),x_cip,list(y=if(v=="debt")"debt == 1" else "api00 > 700",method=m),tol=if(m=="likelihood")1e-4 else 1e-6)
 C(paste0("x_",r,"_contrast"),"svycontrast",r,if(v=="debt")"svycontrast(svyby(~debt, ~country, d, svymean, covmat=TRUE), list(a=c(Niger=1,Libya=-1)))" else "svycontrast(svyby(~api00, ~stype, d, svymean, covmat=TRUE), list(a=c(E=1,H=-1)))",x_contrast,list(y=I(v),by=I(g)))
 C(paste0("x_",r,"_gof"),"svygofchisq",r,sprintf("svygofchisq(~%s, p=c(%s), d)",g,if(v=="debt")".25,.25,.25,.25" else ".6,.2,.2"),x_ht,list(y=g,p=I(if(v=="debt")rep(.25,4) else c(.6,.2,.2))),tol=1e-4)
 C(paste0("x_",r,"_table"),"svytable",r,sprintf("svytable(~%s+%s, d)",g2,g),x_tab,list(rows=g2,cols=g))
}
# pps
for (p in c("hpps_ov","hpps_ov_yg","hpps_hr","hpps_hr1","hpps_hr1_yg","hpps_prob","hpps_br")) {
 C(paste0("x_",p,"_total"),"svytotal",p,"svytotal(~Bush+Kerry+Nader, d)",x_stat,list(y=I(c("Bush","Kerry","Nader"))))
 C(paste0("x_",p,"_mean"),"svymean",p,"svymean(~Bush+Kerry+Nader, d)",x_stat,list(y=I(c("Bush","Kerry","Nader"))))
 C(paste0("x_",p,"_ratio"),"svyratio",p,"svyratio(~Bush, ~votes, d)",x_ratio,list(num=I("Bush"),den=I("votes")))
 C(paste0("x_",p,"_sub"),"svytotal",p,"svytotal(~Bush, d)",x_stat,list(y=I("Bush"),subset="votes > 50000"),pre="d <- subset(d, votes > 50000)")
}
# two-stage
for (p in c("h2","h2_nofpc","h2_nw","h2_1")) {
 C(paste0("x_",p,"_tot"),"svytotal",p,"svytotal(~api00+stype, d, deff=TRUE)",x_stat,list(y=I(c("api00","stype")),deff=TRUE))
 C(paste0("x_",p,"_totna"),"svytotal",p,"svytotal(~enroll, d, na.rm=TRUE)",x_stat,list(y=I("enroll"),na_rm=TRUE))
 C(paste0("x_",p,"_ratio"),"svyratio",p,"svyratio(~api.stu, ~enroll, d, na.rm=TRUE)",x_ratio,list(num=I("api.stu"),den=I("enroll"),na_rm=TRUE))
 C(paste0("x_",p,"_ratio22"),"svyratio",p,"svyratio(~api00+api99, ~meals+ell, d)",x_ratio,list(num=I(c("api00","api99")),den=I(c("meals","ell"))))
 C(paste0("x_",p,"_by"),"svyby",p,"svyby(~api00+api99, ~stype, d, svymean)",x_by,list(y=I(c("api00","api99")),by=I("stype"),stat="mean"))
 C(paste0("x_",p,"_bydeff"),"svyby",p,"svyby(~api00, ~stype+sch.wide, d, svymean, deff=TRUE)",x_by,list(y=I("api00"),by=I(c("stype","sch.wide")),stat="mean",deff=TRUE))
 C(paste0("x_",p,"_bydeffr"),"svyby",p,"svyby(~api00, ~stype, d, svytotal, deff='replace')",x_by,list(y=I("api00"),by=I(c("stype")),stat="total",deff="replace"))
 C(paste0("x_",p,"_bycov"),"svyby",p,"svyby(~api00, ~stype, d, svymean, covmat=TRUE)",x_by,list(y=I("api00"),by=I("stype"),stat="mean",covmat=TRUE))
 C(paste0("x_",p,"_byna"),"svyby",p,"svyby(~enroll+api.stu, ~stype, d, svytotal, na.rm=TRUE)",x_by,list(y=I(c("enroll","api.stu")),by=I("stype"),stat="total",na_rm=TRUE))
 C(paste0("x_",p,"_byq"),"svyby",p,"svyby(~api00, ~stype, d, svyquantile, quantiles=.5, ci=TRUE, keep.var=TRUE)",function(o,d) list(by=I(as.character(o$stype)), coef=as.numeric(o[[2]]), se=I(as.numeric(SE(o)))),list(y=I("api00"),by=I("stype"),stat="quantile",quantiles=.5))
 C(paste0("x_",p,"_var"),"svyvar",p,"svyvar(~api00+ell, d)",function(o,d) list(var=as.matrix(o), se=as.numeric(sqrt(diag(as.matrix(attr(o,"var")))))),list(y=I(c("api00","ell"))))
 C(paste0("x_",p,"_varna"),"svyvar",p,"svyvar(~enroll, d, na.rm=TRUE)",function(o,d) list(var=as.matrix(o), se=as.numeric(sqrt(diag(as.matrix(attr(o,"var")))))),list(y=I(c("enroll")),na_rm=TRUE))
 C(paste0("x_",p,"_sub"),"svymean",p,"svymean(~api00, d, deff=TRUE)",x_stat,list(y=I("api00"),deff=TRUE,subset="stype == 'E' & ell > 10"),pre="d <- subset(d, stype=='E' & ell > 10)")
 C(paste0("x_",p,"_q"),"svyquantile",p,"svyquantile(~api00, d, quantiles=c(.1,.5,.9), alpha=.1, qrule='hf6')",x_q,list(y=I("api00"),quantiles=I(c(.1,.5,.9)),interval_type="mean",qrule="hf6",alpha=.1))
 C(paste0("x_",p,"_tt"),"svyttest",p,"svyttest(api00~sch.wide, d)",x_ht,list(y="api00",group="sch.wide"))
 C(paste0("x_",p,"_tt1"),"svyttest",p,"svyttest(api00~0, d)",x_ht,list(y="api00",mu=0))
 C(paste0("x_",p,"_rk"),"svyranktest",p,"svyranktest(api00~stype, d)",x_ht,list(y="api00",group="stype",test="wilcoxon"))
 for (s in c("F","Chisq","Wald","adjWald","lincom","saddlepoint")) C(paste0("x_",p,"_chi_",s),"svychisq",p,sprintf("svychisq(~stype+awards, d, statistic='%s')",s),x_ht,list(rows="stype",cols="awards",statistic=s),tol=if(s%in%c("lincom","saddlepoint"))1e-4 else 1e-6)
 C(paste0("x_",p,"_gof"),"svygofchisq",p,"svygofchisq(~stype, p=c(.7,.15,.15), d)",x_ht,list(y="stype",p=I(c(.7,.15,.15))),tol=1e-4)
 C(paste0("x_",p,"_cra"),"svycralpha",p,"svycralpha(~api00+api99+meals, d)",function(o,d) list(alpha=as.numeric(o)),list(y=I(c("api00","api99","meals"))))
 C(paste0("x_",p,"_kap"),"svykappa",p,"svykappa(~comp.imp+awards, d)",x_contrast,list(vars=I(c("comp.imp","awards"))))
 C(paste0("x_",p,"_int"),"svymean",p,"svymean(~interaction(stype, comp.imp), d)",x_stat,list(y=I("interaction(stype, comp.imp)")))
 C(paste0("x_",p,"_log"),"svymean",p,"svymean(~I(api00>700), d)",x_stat,list(y=I("api00 > 700")))
 C(paste0("x_",p,"_log2"),"svymean",p,"svymean(~I(api00>700), d)",x_stat,list(y=I("I(api00 > 700)")))
 C(paste0("x_",p,"_arith"),"svytotal",p,"svytotal(~I(api00-api99), d)",x_stat,list(y=I("I(api00 - api99)")))
 C(paste0("x_",p,"_arith2"),"svymean",p,"svymean(~I(api00-api99), d)",x_stat,list(y=I("api00 - api99")))
}
for (v in c("mean","total")) { C(paste0("x_mu_",v),paste0("svy",v),"hmu",sprintf("svy%s(~y1, d, deff=TRUE)",v),x_stat,list(y=I("y1"),deff=TRUE)); C(paste0("x_fpcf_",v),paste0("svy",v),"hfpc_frac",sprintf("svy%s(~x, d, deff=TRUE)",v),x_stat,list(y=I("x"),deff=TRUE)) }
C("x_mu_q","svyquantile","hmu","svyquantile(~y1, d, quantiles=c(.3,.5))",x_q,list(y=I("y1"),quantiles=I(c(.3,.5))))
C("x_mu_var","svyvar","hmu","svyvar(~y1, d)",function(o,d) list(var=as.matrix(o), se=as.numeric(sqrt(diag(as.matrix(attr(o,"var")))))),list(y=I("y1")))
C("x_fpc_by","svyby","hfpc","svyby(~x, ~stratid, d, svytotal)",x_by,list(y=I("x"),by=I("stratid"),stat="total"))
C("x_hosp_ratio","svyratio","hhosp","svyratio(~births, ~weighta, d)",x_ratio,list(num=I("births"),den=I("weighta")))
C("x_hosp_q","svyquantile","hhosp","svyquantile(~births, d, quantiles=c(.25,.5,.75))",x_q,list(y=I("births"),quantiles=I(c(.25,.5,.75))))
C("x_hosp_sub","svytotal","hhosp","svytotal(~births, d)",x_stat,list(y=I("births"),subset="births > 800"),pre="d <- subset(d, births > 800)")
# quantiles of strat
for (q in c("math","school","shahvaish",paste0("hf",1:9))) for (it in c("mean","beta","xlogit","asin","score")) C(paste0("x_q_",q,"_",it),"svyquantile","hstrat",sprintf("svyquantile(~api00+ell, d, quantiles=c(.1,.33,.5,.8), interval.type='%s', qrule='%s')",it,q),x_q,list(y=I(c("api00","ell")),quantiles=I(c(.1,.33,.5,.8)),interval_type=it,qrule=q),tol=if(it=="score")1e-4 else 1e-6)
for (q in c("math","school","shahvaish",paste0("hf",1:9))) for (it in c("mean","score")) C(paste0("x_qm_",q,"_",it),"svyquantile","dm",sprintf("svyquantile(~months+w, d, quantiles=c(.13,.41,.77), interval.type='%s', qrule='%s', alpha=.1)",it,q),x_q,list(y=I(c("months","w")),quantiles=I(c(.13,.41,.77)),interval_type=it,qrule=q,alpha=.1),tol=if(it=="score")1e-4 else 1e-6)
C("x_q_na","svyquantile","dnh","svyquantile(~HI_CHOL, d, quantiles=.9, na.rm=TRUE)",x_q,list(y=I("HI_CHOL"),quantiles=.9,na_rm=TRUE))
C("x_q_df","svyquantile","dclus1","svyquantile(~api00, d, quantiles=.5, df=Inf)",x_q,list(y=I("api00"),quantiles=.5,df="Inf"))
C("x_q_sub","svyquantile","dm","svyquantile(~cost, d, quantiles=c(.5), na.rm=TRUE)",x_q,list(y=I("cost"),quantiles=.5,na_rm=TRUE,subset="sex == 'female'"),pre="d <- subset(d, sex=='female')")
C("x_q_se","svyquantile","dm","svyquantile(~months, d, quantiles=c(.5,.9), ci=TRUE, se=TRUE)",x_q,list(y=I("months"),quantiles=I(c(.5,.9))))
# ciprop
for (m in c("logit","likelihood","asin","beta","mean","xlogit")) {
 C(paste0("x_cip_",m),"svyciprop","dnh",sprintf("svyciprop(~HI_CHOL, d, method='%s', na.rm=TRUE)",m),x_cip,list(y="HI_CHOL",method=m,na_rm=TRUE),tol=if(m=="likelihood")1e-4 else 1e-6)
 C(paste0("x_cip2_",m),"svyciprop","h2",sprintf("svyciprop(~I(stype=='E'), d, method='%s', level=.9)",m),x_cip,list(y="stype == 'E'",method=m,level=.9),tol=if(m=="likelihood")1e-4 else 1e-6)
 C(paste0("x_cip3_",m),"svyciprop","hstrat",sprintf("svyciprop(~I(sch.wide=='Yes'), d, method='%s')",m),x_cip,list(y="sch.wide == 'Yes'",method=m),tol=if(m=="likelihood")1e-4 else 1e-6)
 C(paste0("x_cip4_",m),"svyciprop","dm",sprintf("svyciprop(~debt, d, method='%s')",m),x_cip,list(y="debt",method=m,subset="country == 'Libya'"),pre="d <- subset(d, country=='Libya')",tol=if(m=="likelihood")1e-4 else 1e-6)
 C(paste0("x_cip5_",m),"svyciprop","dclus1",sprintf("svyciprop(~I(ell==0), d, method='%s', df=5)",m),x_cip,list(y="ell == 0",method=m,df=5),tol=if(m=="likelihood")1e-4 else 1e-6)
 C(paste0("x_bycip_",m),"svyby","dm",sprintf("svyby(~debt, ~country, d, svyciprop, vartype='ci', method='%s', level=.9)",m),function(o,d) list(by=I(as.character(o$country)), coef=as.numeric(coef(o)), lower=I(as.numeric(o$ci_l)), upper=I(as.numeric(o$ci_u))),list(y=I("debt"),by=I("country"),stat="ciprop",method=m,level=.9),tol=if(m=="likelihood")1e-4 else 1e-6)
 C(paste0("x_cip6_",m),"svyciprop","hpps_br",sprintf("svyciprop(~I(Bush>Kerry), d, method='%s')",m),x_cip,list(y="Bush > Kerry",method=m),tol=if(m=="likelihood")1e-4 else 1e-6)
}
C("x_cip_default","svyciprop","dm","svyciprop(~debt, d)",x_cip,list(y="debt"))
# chisq
for (s in c("F","Chisq","Wald","adjWald","lincom","saddlepoint")) { t <- if(s%in%c("lincom","saddlepoint"))1e-4 else 1e-6
 C(paste0("x_chi_nh_",s),"svychisq","dnh",sprintf("svychisq(~HI_CHOL+race, d, statistic='%s')",s),x_ht,list(rows="HI_CHOL",cols="race",statistic=s,na_rm=TRUE),tol=t)
 C(paste0("x_chi_nh2_",s),"svychisq","dnh",sprintf("svychisq(~agecat+RIAGENDR, d, statistic='%s')",s),x_ht,list(rows="agecat",cols="RIAGENDR",statistic=s),tol=t)
 C(paste0("x_chi_sub_",s),"svychisq","dm",sprintf("svychisq(~trust+educ, d, statistic='%s')",s),x_ht,list(rows="trust",cols="educ",statistic=s,subset="sex == 'male'"),pre="d <- subset(d, sex=='male')",tol=t)
 C(paste0("x_chi_sub2_",s),"svychisq","dm",sprintf("svychisq(~trust+country, d, statistic='%s')",s),x_ht,list(rows="trust",cols="country",statistic=s,subset="country != 'Niger'"),pre="d <- subset(d, country!='Niger')",tol=t)
 C(paste0("x_chi_srs_",s),"svychisq","dsrs",sprintf("svychisq(~stype+awards, d, statistic='%s')",s),x_ht,list(rows="stype",cols="awards",statistic=s),tol=t)
 C(paste0("x_chi_st_",s),"svychisq","hstrat",sprintf("svychisq(~comp.imp+stype, d, statistic='%s')",s),x_ht,list(rows="comp.imp",cols="stype",statistic=s),tol=t)}
C("x_chi_default","svychisq","dm","svychisq(~trust+educ, d)",x_ht,list(rows="trust",cols="educ"))
C("x_gof_sub","svygofchisq","dm","svygofchisq(~educ, p=c(.3,.3,.3,.1), d)",x_ht,list(y="educ",p=I(c(.3,.3,.3,.1)),subset="sex == 'male'"),pre="d <- subset(d, sex=='male')",tol=1e-4)
C("x_gof_race","svygofchisq","dnh","svygofchisq(~race, p=c(.2,.6,.1,.1), d)",x_ht,list(y="race",p=I(c(.2,.6,.1,.1))),tol=1e-4)
C("x_gof_strat","svygofchisq","hstrat","svygofchisq(~awards, p=c(.4,.6), d)",x_ht,list(y="awards",p=I(c(.4,.6))),tol=1e-4)
C("x_tab1","svytable","dm","svytable(~trust, d)",x_tab,list(rows="trust"))
C("x_tab3","svytable","dm","svytable(~trust+country+sex, d)",x_tab,list(vars=I(c("trust","country","sex"))))
C("x_tab_round","svytable","dm","svytable(~trust+country, d, round=TRUE)",x_tab,list(rows="trust",cols="country",round=TRUE))
C("x_tab_N","svytable","hstrat","svytable(~stype+awards, d, Ntotal=1000)",x_tab,list(rows="stype",cols="awards",Ntotal=1000))
C("x_tab_na","svytable","dnh","svytable(~HI_CHOL+race, d)",x_tab,list(rows="HI_CHOL",cols="race"))
# t, rank
for (dd in list(c("dm","months","debt"),c("dnh","HI_CHOL","RIAGENDR"),c("hstrat","api00","sch.wide"),c("dsrs","api00","awards"),c("dclus1","enroll","yr.rnd"))) {
 C(paste0("x_tt_",dd[1]),"svyttest",dd[1],sprintf("svyttest(%s~%s, d)",dd[2],dd[3]),x_ht,list(y=dd[2],group=dd[3]))
 for (tt in c("wilcoxon","vanderWaerden","median","KruskalWallis")) C(paste0("x_rk_",dd[1],"_",tt),"svyranktest",dd[1],sprintf("svyranktest(%s~%s, d, test='%s')",dd[2],dd[3],tt),x_ht,list(y=dd[2],group=dd[3],test=tt)) }
for (tt in c("wilcoxon","vanderWaerden","median","KruskalWallis")) { C(paste0("x_rkk_",tt),"svyranktest","dm",sprintf("svyranktest(months~educ, d, test='%s')",tt),x_ht,list(y="months",group="educ",test=tt))
 C(paste0("x_rkna_",tt),"svyranktest","dm",sprintf("svyranktest(cost~sex, d, test='%s')",tt),x_ht,list(y="cost",group="sex",test=tt))
 C(paste0("x_rkst_",tt),"svyranktest","hstrat",sprintf("svyranktest(api00~stype, d, test='%s')",tt),x_ht,list(y="api00",group="stype",test=tt))
 C(paste0("x_rksub_",tt),"svyranktest","dm",sprintf("svyranktest(months~sex, d, test='%s')",tt),x_ht,list(y="months",group="sex",test=tt,subset="country == 'Niger'"),pre="d <- subset(d, country=='Niger')")}
C("x_rk_default","svyranktest","hstrat","svyranktest(api00~sch.wide, d)",x_ht,list(y="api00",group="sch.wide"))
C("x_tt_mu","svyttest","dm","svyttest(I(months-5)~0, d)",x_ht,list(y="months - 5",mu=0))
C("x_tt_sub","svyttest","dm","svyttest(months~sex, d)",x_ht,list(y="months",group="sex",subset="country == 'Niger'"),pre="d <- subset(d, country=='Niger')")
C("x_tt_na","svyttest","dm","svyttest(cost~sex, d)",x_ht,list(y="cost",group="sex"))
C("x_tt_expr","svyttest","dclus1","svyttest(api00~I(ell>20), d)",x_ht,list(y="api00",group="ell > 20"))
C("x_tt_lvl","svyttest","dclus1","svyttest(api00~comp.imp, d, level=.9)",x_ht,list(y="api00",group="comp.imp",level=.9))
# contrasts
C("x_con_mean1","svycontrast","dstrat","svycontrast(svymean(~api00+api99, d), c(api00=1,api99=-1))",x_contrast,list(y=I(c("api00","api99")),contrast=c(api00=1,api99=-1)))
C("x_con_tot","svycontrast","dstrat","svycontrast(svytotal(~api00+api99, d), list(d=c(api00=1,api99=-1)))",x_contrast,list(y=I(c("api00","api99"))))
C("x_con_nl","svycontrast","dm","svycontrast(svymean(~debt+months, d), quote(log(months/debt)))",x_contrast,list(expr="log(months/debt)"))
C("x_con_nl2","svycontrast","dstrat","svycontrast(svytotal(~api.stu+enroll, d), quote(api.stu/enroll))",x_contrast,list(expr="api.stu/enroll"))
C("x_con_nlby","svycontrast","dm","svycontrast(svyby(~debt, ~country, d, svymean, covmat=TRUE), quote(Niger/Libya))",x_contrast,list(y=I("debt"),by=I("country"),expr="Niger/Libya"))
C("x_con_nlist","svycontrast","dm","svycontrast(svymean(~debt+months, d), list(r=quote(months/debt), l=quote(exp(debt))))",x_contrast,list(y=I(c("debt","months")),expr=list(r="months/debt",l="exp(debt)")))
C("x_con_fac","svycontrast","dm","svycontrast(svymean(~trust, d), quote(trusthigh/trustlow))",x_contrast,list(y=I("trust"),expr="trusthigh/trustlow"))
C("x_con_glm","svycontrast","dm","svycontrast(svyglm(debt~sex+agegrp, d, family=quasibinomial()), c(sexmale=1,`agegrp45+`=-1))",x_contrast,list(formula="debt~sex+agegrp"))
C("x_con_by2","svycontrast","dm","svycontrast(svyby(~debt, ~country+sex, d, svymean, covmat=TRUE), list(g=c(`Niger.male`=1,`Niger.female`=-1)))",x_contrast,list(y=I("debt"),by=I(c("country","sex"))))
C("x_con_bytot","svycontrast","dm","svycontrast(svyby(~debt, ~country, d, svytotal, covmat=TRUE), list(g=c(Niger=1,Libya=-1)))",x_contrast,list(y=I("debt"),by=I("country"),stat="total"))
# lonely
for (lp in c("remove","certainty","adjust","average")) { for (ad in c(TRUE,FALSE)) {
 C(paste0("x_lon_",lp,ad,"_mean"),"svymean",paste0("dlon_",lp),"svymean(~api00+enroll, d)",x_stat,list(y=I(c("api00","enroll")),lonely_psu=lp,adjust_domain_lonely=ad,subset="grp == 'x'"),pre="d <- subset(d, grp=='x')",opts=list(survey.adjust.domain.lonely=ad))
 C(paste0("x_lon_",lp,ad,"_tot"),"svytotal",paste0("dlon_",lp),"svytotal(~api00+enroll, d)",x_stat,list(y=I(c("api00","enroll")),lonely_psu=lp,adjust_domain_lonely=ad,subset="str == 'a' | str == 'c' | grp == 'y'"),pre="d <- subset(d, str=='a' | str=='c' | grp == 'y')",opts=list(survey.adjust.domain.lonely=ad))
 C(paste0("x_lon_",lp,ad,"_by"),"svyby",paste0("dlon_",lp),"svyby(~api00, ~grp, d, svymean)",x_by,list(y=I("api00"),by=I("grp"),stat="mean",lonely_psu=lp,adjust_domain_lonely=ad),opts=list(survey.adjust.domain.lonely=ad))}
 C(paste0("x_lon_",lp,"_ratio"),"svyratio",paste0("dlon_",lp),"svyratio(~api00,~api99, d)",x_ratio,list(num=I("api00"),den=I("api99"),lonely_psu=lp))
 C(paste0("x_lon_",lp,"_q"),"svyquantile",paste0("dlon_",lp),"svyquantile(~api00, d, quantiles=.5)",x_q,list(y=I("api00"),quantiles=.5,lonely_psu=lp))
 C(paste0("x_lon_",lp,"_deff"),"svymean",paste0("dlon_",lp),"svymean(~api00, d, deff='replace')",x_stat,list(y=I("api00"),deff="replace",lonely_psu=lp))
 C(paste0("x_lon_",lp,"_glm"),"svyglm",paste0("dlon_",lp),"svyglm(api00~api99, d)",x_glm,list(family="gaussian",formula="api00~api99",lonely_psu=lp))
 C(paste0("x_lon_",lp,"_tt"),"svyttest",paste0("dlon_",lp),"svyttest(api00~grp, d)",x_ht,list(y="api00",group="grp",lonely_psu=lp))}
# log rank, km
C("x_lr","svylogrank","hpbc","svylogrank(Surv(time, dead)~trt, design=d)",function(o,d) list(score=o[[1]],chisq=o[[2]]),list(formula="Surv(time, dead)~trt"))
C("x_lr1","svylogrank","hpbc","svylogrank(Surv(time, dead)~sex, design=d, rho=1)",function(o,d) list(score=o[[1]],chisq=o[[2]]),list(formula="Surv(time, dead)~sex",rho=1))
C("x_lrg","svylogrank","hpbc","svylogrank(Surv(time, dead)~sex, design=d, rho=1, gamma=1)",function(o,d) list(score=o[[1]],chisq=o[[2]]),list(formula="Surv(time, dead)~sex",rho=1,gamma=1))
C("x_lrl","svylogrank","hpbc","svylogrank(Surv(time, dead)~sex, design=d, method='large')",function(o,d) list(score=o[[1]],chisq=o[[2]]),list(formula="Surv(time, dead)~sex",method="large"))
C("x_lrs","svylogrank","hpbc","svylogrank(Surv(time, dead)~sex, design=d, method='score')",function(o,d) list(value=nm(o)),list(formula="Surv(time, dead)~sex",method="score"))
C("x_lr3","svylogrank","hpbc","svylogrank(Surv(time, dead)~factor(edema), design=d)",function(o,d) list(score=o[[1]],chisq=o[[2]]),list(formula="Surv(time, dead)~factor(edema)"))
C("x_km","svykm","hpbc","svykm(Surv(time, dead)~1, design=d)",function(o,d) list(time=I(o$time[seq(1,length(o$time),20)]), surv=I(o$surv[seq(1,length(o$surv),20)])),list(formula="Surv(time, dead)~1"))
C("x_km2","svykm","hpbc","svykm(Surv(time, dead)~1, design=d, se=TRUE)",function(o,d) list(q=nm(quantile(o,c(.9,.75))), ci=confint(o, parm=c(365,730,1500))),list(formula="Surv(time, dead)~1",se=TRUE))
# by misc
C("x_by_count","svyby","dm","svyby(~debt, ~country, d, unwtd.count)",function(o,d) list(by=I(as.character(o$country)), counts=I(as.numeric(o$counts))),list(y=I("debt"),by=I("country"),stat="count"))
C("x_by_var","svyby","dm","svyby(~months, ~country, d, svyvar)",x_by,list(y=I("months"),by=I("country"),stat="var"))
C("x_by_fac","svyby","dm","svyby(~trust+debt, ~country+sex, d, svymean)",x_by,list(y=I(c("trust","debt")),by=I(c("country","sex")),stat="mean"))
C("x_by_factot","svyby","dclus1","svyby(~sch.wide, ~stype, d, svytotal)",x_by,list(y=I("sch.wide"),by=I("stype"),stat="total"))
C("x_by_ratiocov","svyby","dstrat","svyby(~api.stu, ~stype, denominator=~enroll, d, svyratio, covmat=TRUE)",x_by,list(num=I("api.stu"),den=I("enroll"),by=I("stype"),stat="ratio",covmat=TRUE))
C("x_by_subset","svyby","dm","svyby(~months, ~educ, d, svymean)",x_by,list(y=I("months"),by=I("educ"),stat="mean",subset="sex == 'male'"),pre="d <- subset(d, sex=='male')")
C("x_mean_narm_multi","svymean","dm","svymean(~cost+debt+sex, d, na.rm=TRUE)",x_stat,list(y=I(c("cost","debt","sex")),na_rm=TRUE))
C("x_mean_nh","svymean","dnh","svymean(~race+HI_CHOL, d, na.rm=TRUE, deff=TRUE)",x_stat,list(y=I(c("race","HI_CHOL")),na_rm=TRUE,deff=TRUE))
C("x_tot_deffrep","svytotal","dm","svytotal(~debt+months, d, deff='replace')",x_stat,list(y=I(c("debt","months")),deff="replace"))
C("x_ratio_sub","svyratio","dm","svyratio(~cost, ~months, d, na.rm=TRUE)",x_ratio,list(num=I("cost"),den=I("months"),na_rm=TRUE,subset="sex == 'male'"),pre="d <- subset(d, sex=='male')")
C("x_ratio_deff","svyratio","dclus1","svyratio(~api.stu, ~enroll, d, deff=TRUE)",x_ratio,list(num=I("api.stu"),den=I("enroll"),deff=TRUE))
C("x_ratio_deff2","svyratio","dclus1","svyratio(~api.stu, ~enroll, d, deff='replace')",x_ratio,list(num=I("api.stu"),den=I("enroll"),deff="replace"))
C("x_pw2","pairwise","dstrat","local({b <- svyby(~api00, ~stype, d, svymean, covmat=TRUE); L <- c('E','H','M'); P <- combn(L,2); r <- apply(P,2,function(z){k <- svycontrast(b, list(k=setNames(c(1,-1),z))); c(diff=as.numeric(coef(k)), se=as.numeric(SE(k)))}); t <- r[1,]/r[2,]; p <- 2*pt(-abs(t), degf(d)); list(pair=I(apply(P,2,paste,collapse=' - ')), diff=I(r[1,]), se=I(r[2,]), t=I(t), p_raw=I(p), p_holm=I(p.adjust(p,'holm')), p_bonferroni=I(p.adjust(p,'bonferroni')), p_BH=I(p.adjust(p,'BH')), p_hommel=I(p.adjust(p,'hommel')), p_BY=I(p.adjust(p,'BY')), p_hochberg=I(p.adjust(p,'hochberg')), p_fdr=I(p.adjust(p,'fdr')))})",x_num,list(y=I("api00"),by=I("stype")))
C("x_cra_na","svycralpha","dm","svycralpha(~inc_1+inc_2+inc_3+inc_4, d)",function(o,d) list(alpha=as.numeric(o)),list(y=I(paste0("inc_",1:4))))
C("x_kap_m","svykappa","dstrat","svykappa(~comp.imp+awards, d)",x_contrast,list(vars=I(c("comp.imp","awards"))))
C("x_cor","svyvar","dstrat","local({v <- as.matrix(svyvar(~api00+api99+ell, d)); cov2cor(v)})",x_num,list(y=I(c("api00","api99","ell")),correlation=TRUE))
C("x_pbc_mean","svymean","hpbc","svymean(~bili+albumin+dead, d)",x_stat,list(y=I(c("bili","albumin","dead"))))
C("x_calmean_sub","calibrate","dclus1","calibrate(d, ~stype+api99, c(`(Intercept)`=6194, stypeH=755, stypeM=1018, api99=3914069))",x_w(~api00+stype),list(calfun="linear",formula="~stype+api99",population=c("(Intercept)"=6194,stypeH=755,stypeM=1018,api99=3914069)))
s <- S
