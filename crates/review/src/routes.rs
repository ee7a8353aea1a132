//! The table of routes. Nothing is served that is not in it; router, description and the test of who may do what are made from it.

use axum::http::Method;
use axum::routing::{MethodRouter, delete, get, head, options, patch, post};
use utoipa::PartialSchema as _;

use crate::action::{Action as A, Kind as K};
use crate::route::{Pace, Route};
use crate::state::State;
use crate::{
    account, custody, file, flight, lead, ledger, openapi, page, provider, record, retention, session, stac,
    upload, verify,
};

/// What a line of the table says before its body and pace.
type About = (&'static str, &'static str);

const fn route(
    method: Method,
    path: &'static str,
    action: A,
    kind: K,
    about: About,
    handler: fn() -> MethodRouter<State>,
) -> Route {
    Route { method, path, action, kind, about, handler, pace: Pace::Usual, body: None }
}

impl Route {
    /// The same with a body of JSON.
    const fn taking(mut self, body: fn() -> utoipa::openapi::RefOr<utoipa::openapi::Schema>) -> Self {
        self.body = Some(body);
        self
    }

    /// The same for bodies and answers of any length.
    const fn flowing(mut self) -> Self {
        self.pace = Pace::Flowing;
        self
    }
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const DELETE: Method = Method::DELETE;

#[rustfmt::skip]
pub(crate) static ROUTES: [Route; 58] = [
    route(GET, "/", A::ShowPage, K::Page, ("网页", "the page"), || get(page::show)),
    route(GET, "/assets/{*file}", A::ShowPage, K::Page, ("网页附属文件", "a part of the page"), || get(page::show)),
    route(GET, "/api/openapi.json", A::DescribeApi, K::System, ("接口说明", "this description"), || get(openapi::show)),

    route(POST, "/api/session", A::LogIn, K::Session, ("登录", "sign in"), || post(session::open)).taking(session::Credentials::schema),
    route(GET, "/api/session", A::SeeSession, K::Session, ("当前账号", "who is signed in"), || get(session::show)),
    route(DELETE, "/api/session", A::LogOut, K::Session, ("退出", "sign out"), || delete(session::close)),
    route(GET, "/api/session/ways", A::LogIn, K::Session, ("登录方式", "ways to sign in"), || get(provider::ways)),
    route(GET, "/api/session/provider", A::LogIn, K::Session, ("统一身份认证", "sign in by the identity provider"), || get(provider::begin)),
    route(GET, "/api/session/provider/return", A::LogIn, K::Session, ("认证返回", "back from the identity provider"), || get(provider::end)),
    route(GET, "/api/accounts", A::ListAccounts, K::Account, ("账号列表", "accounts"), || get(account::list)),
    route(POST, "/api/accounts", A::CreateAccount, K::Account, ("设立账号", "make an account"), || post(account::create)).taking(account::NewAccount::schema),

    route(GET, "/api/leads", A::ListLeads, K::Case, ("线索队列", "the queue of leads"), || get(lead::list)),
    route(GET, "/api/projects/{project}/leads/{lead}", A::ReadLead, K::Case, ("线索", "a lead"), || get(lead::show)),
    route(POST, "/api/projects/{project}/leads/{lead}/decisions", A::DecideLead, K::Case, ("核查结果", "decide on a finding"), || post(lead::decide)).taking(lead::Decide::schema),
    route(POST, "/api/projects/{project}/leads/{lead}/state", A::AdvanceCase, K::Case, ("变更状态", "take a lead to another state"), || post(lead::advance)).taking(lead::Advance::schema),
    route(GET, "/api/projects/{project}/leads/{lead}/profile", A::ReadLead, K::Case, ("高程剖面", "heights along a line"), || get(lead::profile)),
    route(GET, "/api/projects/{project}/leads/{lead}/dossier.pdf", A::ExportCase, K::Case, ("线索卷宗", "the dossier of a lead"), || get(lead::dossier)),
    route(GET, "/api/projects/{project}/leads/{lead}/bundle.zip", A::ExportCase, K::Case, ("证据包", "the evidence bundle of a lead"), || get(lead::bundle)).flowing(),
    route(POST, "/api/decisions/{id}/second", A::SecondDecision, K::Decision, ("复核", "a second person's word"), || post(lead::second)).taking(lead::SecondWord::schema),
    route(POST, "/api/evidence/{sha256}/reviews", A::ReviewEvidence, K::Evidence, ("证据审核", "review evidence"), || post(lead::review)).taking(lead::Review::schema),
    route(GET, "/api/files/{sha256}", A::ReadFile, K::File, ("存储文件", "a stored file"), || get(file::get)).flowing(),

    route(POST, "/api/projects/{project}/leads/{lead}/numbers", A::NumberPaper, K::Case, ("取文号", "take the next number of a document"), || post(lead::take)).taking(lead::TakeNumber::schema),
    route(POST, "/api/numbers/void", A::NumberPaper, K::Case, ("文号作废", "give a number up"), || post(lead::void)).taking(lead::VoidNumber::schema),

    route(GET, "/api/items/{collection}/{id}/keep", A::ReadKeep, K::Item, ("留存期限", "until when an item is kept"), || get(retention::keep)),
    route(POST, "/api/items/{collection}/{id}/grade", A::GradeItem, K::Item, ("定级", "grade an item"), || post(retention::grade)).taking(retention::GradeItem::schema),
    route(POST, "/api/items/{collection}/{id}/grade/second", A::SecondGrade, K::Grade, ("降级复核", "a second person's word on a lower grade"), || post(retention::second_grade)).taking(retention::SecondGrade::schema),
    route(GET, "/api/holds", A::ListHolds, K::Item, ("冻结列表", "every hold"), || get(retention::holds)),
    route(POST, "/api/holds", A::HoldThing, K::Item, ("冻结", "hold something"), || post(retention::hold)).taking(retention::NewHold::schema),
    route(POST, "/api/holds/{id}/release", A::ReleaseHold, K::Item, ("解除冻结", "end a hold"), || post(retention::release)).taking(retention::Release::schema),
    route(GET, "/api/discs", A::PlanDiscs, K::Item, ("刻录计划", "discs burned and to be burned"), || get(retention::discs)),

    route(POST, "/api/records", A::FileRecord, K::Upload, ("登记记录", "describe a record whose file was uploaded"), || post(record::file)),
    route(GET, "/api/records/templates", A::ReadRecords, K::Item, ("记录模板", "what records must show"), || get(record::templates)),
    route(GET, "/api/records/completeness", A::ReadRecords, K::Item, ("记录完整性", "which steps have records"), || get(record::completeness)),

    route(GET, "/api/flights", A::ListFlights, K::Flight, ("架次列表", "flights"), || get(flight::list)),
    route(GET, "/api/flights/{id}", A::ReadFlight, K::Flight, ("架次", "a flight, its check and run"), || get(flight::show)),
    route(GET, "/api/flights/{id}/log", A::ReadFlight, K::Flight, ("运行日志", "the run's log"), || get(flight::log)),
    route(POST, "/api/flights/{id}/complete", A::CompleteFlight, K::Flight, ("提交架次", "all files are there"), || post(flight::complete)).taking(flight::Completion::schema),
    route(Method::OPTIONS, "/api/uploads", A::DescribeUploads, K::Upload, ("上传协议", "what tus can do here"), || options(upload::describe)),
    route(POST, "/api/uploads", A::CreateUpload, K::Upload, ("开始上传", "begin a file"), || post(upload::create)).flowing(),
    route(Method::OPTIONS, "/api/uploads/{id}", A::DescribeUploads, K::Upload, ("上传协议", "what tus can do here"), || options(upload::describe)),
    route(Method::HEAD, "/api/uploads/{id}", A::FollowUpload, K::Upload, ("续传位置", "how far a file has come"), || head(upload::follow)).flowing(),
    route(Method::PATCH, "/api/uploads/{id}", A::WriteUpload, K::Upload, ("续传", "more bytes of a file"), || patch(upload::write)).flowing(),
    route(DELETE, "/api/uploads/{id}", A::EndUpload, K::Upload, ("放弃上传", "give a file up"), || delete(upload::end)),

    route(GET, "/api/ledger/{book}", A::ReadLedger, K::Ledger, ("台账", "a book over all dates"), || get(ledger::book)),
    route(GET, "/api/verify", A::VerifyCatalog, K::System, ("核验", "verify files, documents and log"), || get(verify::verify)).flowing(),
    route(GET, "/api/custody", A::ReadCustody, K::Custody, ("流转记录", "what happened"), || get(custody::events)),
    route(GET, "/log/checkpoint", A::ReadCustody, K::Custody, ("日志检查点", "the log's signed head"), || get(custody::checkpoint)),
    route(GET, "/log/tile/{*path}", A::ReadCustody, K::Custody, ("日志分块", "a piece of the log"), || get(custody::tile)),

    route(GET, "/stac/", A::ReadItems, K::Item, ("STAC 入口", "STAC API: landing page"), || get(stac::landing)),
    route(GET, "/stac", A::ReadItems, K::Item, ("STAC 入口", "STAC API: landing page"), || get(stac::landing)),
    route(GET, "/stac/conformance", A::ReadItems, K::Item, ("遵循的标准", "STAC API: conformance"), || get(stac::conformance)),
    route(GET, "/stac/queryables", A::ReadItems, K::Item, ("可检索属性", "STAC API: what filters may name"), || get(stac::queryables)),
    route(GET, "/stac/collections", A::ReadItems, K::Item, ("集合", "STAC API: collections"), || get(stac::collections)),
    route(GET, "/stac/collections/{id}", A::ReadItems, K::Item, ("集合", "STAC API: a collection"), || get(stac::collection)),
    route(GET, "/stac/collections/{id}/items", A::ReadItems, K::Item, ("条目", "STAC API: items"), || get(stac::items)),
    route(GET, "/stac/collections/{id}/items/{item}", A::ReadItems, K::Item, ("条目", "STAC API: an item"), || get(stac::item)),
    route(GET, "/stac/search", A::ReadItems, K::Item, ("检索", "STAC API: search"), || get(stac::search_by_get)),
    route(POST, "/stac/search", A::ReadItems, K::Item, ("检索", "STAC API: search"), || post(stac::search_by_post)),
];
