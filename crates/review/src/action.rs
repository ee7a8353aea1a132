/// What a route does; the policies speak of it by [`Action::id`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    ShowPage,
    DescribeApi,
    LogIn,
    SeeSession,
    LogOut,
    ListLeads,
    ReadLead,
    ExportCase,
    DecideLead,
    AdvanceCase,
    SecondDecision,
    ReviewEvidence,
    ReadFile,
    ReadLedger,
    ReadCustody,
    ReadItems,
    ListFlights,
    ReadFlight,
    CompleteFlight,
    DescribeUploads,
    CreateUpload,
    FollowUpload,
    WriteUpload,
    EndUpload,
    VerifyCatalog,
    ListAccounts,
    CreateAccount,
    ReadKeep,
    GradeItem,
    SecondGrade,
    ListHolds,
    HoldThing,
    ReleaseHold,
    PlanDiscs,
    NumberPaper,
    FileRecord,
    ReadRecords,
}

/// What is acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Page,
    Session,
    System,
    Case,
    Decision,
    Evidence,
    File,
    Ledger,
    Custody,
    Item,
    Flight,
    Upload,
    Account,
    Grade,
}

impl Action {
    /// Name in the policies.
    pub fn id(self) -> &'static str {
        match self {
            Self::ShowPage => "showPage",
            Self::DescribeApi => "describeApi",
            Self::LogIn => "logIn",
            Self::SeeSession => "seeSession",
            Self::LogOut => "logOut",
            Self::ListLeads => "listLeads",
            Self::ReadLead => "readLead",
            Self::ExportCase => "exportCase",
            Self::DecideLead => "decideLead",
            Self::AdvanceCase => "advanceCase",
            Self::SecondDecision => "secondDecision",
            Self::ReviewEvidence => "reviewEvidence",
            Self::ReadFile => "readFile",
            Self::ReadLedger => "readLedger",
            Self::ReadCustody => "readCustody",
            Self::ReadItems => "readItems",
            Self::ListFlights => "listFlights",
            Self::ReadFlight => "readFlight",
            Self::CompleteFlight => "completeFlight",
            Self::DescribeUploads => "describeUploads",
            Self::CreateUpload => "createUpload",
            Self::FollowUpload => "followUpload",
            Self::WriteUpload => "writeUpload",
            Self::EndUpload => "endUpload",
            Self::VerifyCatalog => "verifyCatalog",
            Self::ListAccounts => "listAccounts",
            Self::CreateAccount => "createAccount",
            Self::ReadKeep => "readKeep",
            Self::GradeItem => "gradeItem",
            Self::SecondGrade => "secondGrade",
            Self::ListHolds => "listHolds",
            Self::HoldThing => "holdThing",
            Self::ReleaseHold => "releaseHold",
            Self::PlanDiscs => "planDiscs",
            Self::NumberPaper => "numberPaper",
            Self::FileRecord => "fileRecord",
            Self::ReadRecords => "readRecords",
        }
    }
}

impl Kind {
    /// Entity type in the policies.
    pub fn id(self) -> &'static str {
        match self {
            Self::Page => "Page",
            Self::Session => "Session",
            Self::System => "System",
            Self::Case => "Case",
            Self::Decision => "Decision",
            Self::Evidence => "Evidence",
            Self::File => "File",
            Self::Ledger => "Ledger",
            Self::Custody => "Custody",
            Self::Item => "Item",
            Self::Flight => "Flight",
            Self::Upload => "Upload",
            Self::Account => "Account",
            Self::Grade => "Grade",
        }
    }

    /// The attribute that names whose it is, for what belongs to somebody.
    pub fn belongs_by(self) -> Option<&'static str> {
        match self {
            Self::Flight | Self::Upload => Some("owner"),
            Self::Decision | Self::Evidence | Self::Grade => Some("maker"),
            _ => None,
        }
    }
}
