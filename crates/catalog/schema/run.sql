CREATE TABLE items (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    path TEXT NOT NULL,
    datetime TEXT NOT NULL,
    west DOUBLE PRECISION,
    south DOUBLE PRECISION,
    east DOUBLE PRECISION,
    north DOUBLE PRECISION,
    PRIMARY KEY (collection, id)
);
CREATE INDEX items_by_time ON items (datetime);
CREATE TABLE leads (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    priority TEXT NOT NULL,
    kinds TEXT NOT NULL,
    building_no TEXT,
    document TEXT NOT NULL
);
CREATE TABLE evidence (
    lead_id TEXT NOT NULL REFERENCES leads (id),
    sha256 TEXT NOT NULL,
    what TEXT NOT NULL,
    path TEXT NOT NULL,
    size BIGINT NOT NULL,
    proves TEXT NOT NULL
);
CREATE INDEX evidence_by_lead ON evidence (lead_id);
CREATE TABLE custody (
    seq BIGINT PRIMARY KEY,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL
);
