use plumbline_catalog::{Account, Role};

/// Who sends a request: an account with a session, or nobody known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Who {
    /// Name of the account; empty for nobody.
    pub name: String,
    /// Tier; none for nobody.
    pub role: Option<Role>,
    /// Whether the account may keep accounts.
    pub admin: bool,
}

impl Who {
    /// Nobody known.
    pub fn anonymous() -> Self {
        Self { name: String::new(), role: None, admin: false }
    }

    /// The holder of an account.
    pub fn of(account: &Account, administrators: &[String]) -> Self {
        let admin = administrators.contains(&account.name);
        Self { name: account.name.clone(), role: Some(account.role), admin }
    }
}

/// What a tier is called: Chinese, English.
pub(crate) fn tier(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Ingest => ("导入（中队）", "team: brings flights in"),
        Role::Curate => ("管理（支队）", "detachment: works on leads"),
        Role::Supervise => ("监督（局领导）", "bureau: looks, changes nothing"),
    }
}
