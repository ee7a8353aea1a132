//! Signing in by an identity provider that somebody else wrote: oidc-provider-mock from `PyPI`.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::common::process::judges;
use crate::common::{Answer, House};

const PROVIDER: &str = "oidc-provider-mock";
const RETURN: &str = "/api/session/provider/return";

/// A provider in a process of its own.
struct Provider {
    process: Child,
    issuer: String,
}

impl Provider {
    /// A running provider; none where it cannot be installed.
    fn start() -> Option<Self> {
        let python = judges(&[PROVIDER])?.join("bin/python");
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = Command::new(python);
        command.args(["-m", "oidc_provider_mock", "--require-nonce", "true"]);
        command.args(["--port", &free.port().to_string()]);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let provider = Self { process, issuer: format!("http://{free}") };
        while std::net::TcpStream::connect(free).is_err() {
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(provider)
    }

    /// A server that believes this provider.
    async fn house(&self) -> House {
        self.house_with("").await
    }

    async fn house_with(&self, more: &str) -> House {
        let settings = format!(
            "zh = \"统一身份认证\"\nen = \"Single sign-on\"\nissuer = {:?}\nclient_id = \"plumbline\"\nclient_secret = \"secret\"\n\
             server = \"http://plumbline.test\"\n{more}",
            self.issuer
        );
        House::with(|config| {
            fs::write(config.catalog.path().join("provider.toml"), settings).unwrap();
            config
        })
        .await
    }

    /// Signs somebody in there, as their browser would; returns where the browser is sent.
    fn sign_in(address: &str, name: &str) -> String {
        let form = format!("sub={name}");
        let said =
            Command::new("curl").args(["-s", "-i", "--data-urlencode", &form, address]).output().unwrap();
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let mut lines = said.lines().filter_map(|line| line.split_once(": "));
        let location = lines.find(|(name, _)| name.eq_ignore_ascii_case("location"));
        location.unwrap_or_else(|| panic!("{said}")).1.trim().to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Sets out for the provider: where to, and the cookie of the journey.
async fn set_out(house: &House) -> (String, String) {
    let answer = house.get("", "/api/session/provider").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    (answer.header("location").to_owned(), cookie.split(';').next().unwrap().to_owned())
}

/// Comes back from there.
async fn come_back(house: &House, location: &str, cookie: &str) -> Answer {
    let path = location.strip_prefix("http://plumbline.test").unwrap();
    house.raw("", Method::GET, path, &[("cookie", cookie)], Body::empty()).await
}

/// The session that an answer opens; none where it opens none.
fn session(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let mut cookies = cookies.filter_map(|cookie| cookie.split_once(';')?.0.strip_prefix("plumbline="));
    cookies.next().map(|token| format!("plumbline={token}"))
}

#[tokio::test]
async fn whoever_the_provider_knows_and_has_an_account_is_signed_in_with_its_role() {
    let Some(provider) = Provider::start() else { return };
    let house = provider.house().await;
    let ways = house.get("", "/api/session/ways").await.json();
    assert_eq!(ways["provider"]["zh"], "统一身份认证");
    let (address, journey) = set_out(&house).await;
    for part in ["response_type=code", "code_challenge_method=S256", "nonce=", "state=", "scope=openid"] {
        assert!(address.contains(part), "{address}");
    }
    let back = come_back(&house, &Provider::sign_in(&address, "curator"), &journey).await;
    assert_eq!((back.status, back.header("location")), (StatusCode::SEE_OTHER, "/"));
    let session = session(&back).unwrap();
    let who = house.raw("", Method::GET, "/api/session", &[("cookie", &session)], Body::empty()).await.json();
    assert_eq!((who["name"].as_str(), who["role"].as_str()), (Some("curator"), Some("CURATE")));
}

#[tokio::test]
async fn a_journey_is_made_once_and_ends_in_the_browser_in_which_it_began() {
    let Some(provider) = Provider::start() else { return };
    let house = provider.house().await;
    let (address, journey) = set_out(&house).await;
    let location = Provider::sign_in(&address, "curator");
    let refused = |answer: &Answer| {
        assert_eq!(answer.header("location"), "/?refused=lost");
        assert_eq!(session(answer), None);
    };
    refused(&come_back(&house, &location, "").await);
    refused(&come_back(&house, &location, "plumbline-journey=another").await);
    assert!(session(&come_back(&house, &location, &journey).await).is_some());
    refused(&come_back(&house, &location, &journey).await);
}

#[tokio::test]
async fn who_has_no_account_or_is_not_vouched_for_stays_out() {
    let Some(provider) = Provider::start() else { return };
    let house = provider.house().await;
    let (address, journey) = set_out(&house).await;
    let stranger = come_back(&house, &Provider::sign_in(&address, "stranger"), &journey).await;
    assert_eq!((stranger.header("location"), session(&stranger)), ("/?refused=no-account", None));
    for forged in ["&code=made-up", ""] {
        let (_, journey) = set_out(&house).await;
        let state = journey.split_once('=').unwrap().1;
        let location = format!("http://plumbline.test{RETURN}?state={state}{forged}");
        let answer = come_back(&house, &location, &journey).await;
        assert_eq!((answer.header("location"), session(&answer)), ("/?refused=unknown", None), "{forged}");
    }
    // The code of another journey: its ID token carries another nonce.
    let (other, _) = set_out(&house).await;
    let (_, journey) = set_out(&house).await;
    let stolen = Provider::sign_in(&other, "admin");
    let code = stolen.split(['?', '&']).find(|pair| pair.starts_with("code=")).unwrap();
    let state = journey.split_once('=').unwrap().1;
    let answer =
        come_back(&house, &format!("http://plumbline.test{RETURN}?state={state}&{code}"), &journey).await;
    assert_eq!((answer.header("location"), session(&answer)), ("/?refused=unknown", None));
    let nameless = provider.house_with("claim = \"preferred_username\"\n").await;
    let (address, journey) = set_out(&nameless).await;
    let answer = come_back(&nameless, &Provider::sign_in(&address, "curator"), &journey).await;
    assert_eq!(answer.header("location"), "/?refused=unknown", "it says no such name");
}

#[tokio::test]
async fn without_a_provider_there_is_only_the_password_and_settings_that_are_wrong_are_told() {
    let house = House::open().await;
    assert!(house.get("", "/api/session/ways").await.json()["provider"].is_null());
    assert_eq!(house.get("", "/api/session/provider").await.status, StatusCode::NOT_FOUND);
    let folder = tempfile::tempdir().unwrap();
    crate::common::settle(folder.path()).await;
    fs::write(folder.path().join("provider.toml"), "issuer = 1").unwrap();
    let error = plumbline_review::Server::open(crate::common::config(folder.path())).await.err().unwrap();
    assert!(error.to_string().contains("provider.toml"), "{error}");
}
