-- The tables of the shared catalog, in words that SQLite and PostgreSQL both read.
-- What happened, entry by entry as in the custody log.
CREATE TABLE IF NOT EXISTS events (
    seq BIGINT PRIMARY KEY,
    subject TEXT NOT NULL,
    action TEXT NOT NULL,
    entry TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_subject ON events (subject, seq);

-- STAC items. Columns are copies of what the document says, to search by; times are milliseconds since 1970.
CREATE TABLE IF NOT EXISTS items (
    key INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    project TEXT NOT NULL,
    t BIGINT NOT NULL,
    t_from BIGINT NOT NULL,
    t_to BIGINT NOT NULL,
    west DOUBLE PRECISION,
    south DOUBLE PRECISION,
    east DOUBLE PRECISION,
    north DOUBLE PRECISION,
    sha256 TEXT,
    p_flight TEXT,
    p_epoch TEXT,
    p_lead TEXT,
    p_kind TEXT,
    p_verdict TEXT,
    p_priority TEXT,
    p_state TEXT,
    p_presence TEXT,
    p_building_no TEXT,
    p_what TEXT,
    p_producer TEXT,
    p_template TEXT,
    p_step TEXT,
    p_subject TEXT,
    p_grade TEXT,
    p_gsd DOUBLE PRECISION,
    p_measured DOUBLE PRECISION,
    p_sigma DOUBLE PRECISION,
    p_limit DOUBLE PRECISION,
    document TEXT NOT NULL,
    UNIQUE (collection, id)
);
CREATE INDEX IF NOT EXISTS items_time ON items (t, key);
CREATE INDEX IF NOT EXISTS items_collection_time ON items (collection, t, key);
CREATE INDEX IF NOT EXISTS items_project ON items (project, collection);
CREATE INDEX IF NOT EXISTS items_sha256 ON items (sha256);
CREATE INDEX IF NOT EXISTS items_id ON items (id);
CREATE INDEX IF NOT EXISTS items_flight ON items (p_flight, t);
CREATE INDEX IF NOT EXISTS items_kind ON items (p_kind, t) WHERE p_kind IS NOT NULL;
CREATE INDEX IF NOT EXISTS items_lead ON items (p_lead, t) WHERE p_lead IS NOT NULL;
CREATE INDEX IF NOT EXISTS items_subject ON items (p_subject, t) WHERE p_subject IS NOT NULL;

-- The space and time that each collection has spanned so far, and how long its longest item lasts.
CREATE TABLE IF NOT EXISTS extents (
    collection TEXT PRIMARY KEY,
    west DOUBLE PRECISION,
    south DOUBLE PRECISION,
    east DOUBLE PRECISION,
    north DOUBLE PRECISION,
    t_from BIGINT NOT NULL,
    t_to BIGINT NOT NULL,
    longest BIGINT NOT NULL
);

-- Leads. Columns are copies of what the document says.
CREATE TABLE IF NOT EXISTS leads (
    project TEXT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    priority TEXT NOT NULL,
    presence TEXT NOT NULL,
    kinds TEXT NOT NULL,
    words TEXT NOT NULL,
    urgency BIGINT NOT NULL,
    decisions BIGINT NOT NULL,
    open_decisions BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX IF NOT EXISTS leads_urgency ON leads (urgency, project, id);

-- Which leads cite which files.
CREATE TABLE IF NOT EXISTS citations (
    sha256 TEXT NOT NULL,
    project TEXT NOT NULL,
    lead TEXT NOT NULL,
    PRIMARY KEY (sha256, project, lead)
);
CREATE INDEX IF NOT EXISTS citations_lead ON citations (project, lead);

-- Everything else that is kept: projects, files, decisions, reviews, accounts, sessions, grades, holds, pins, tombstones.
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    about TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX IF NOT EXISTS documents_about ON documents (kind, about);
