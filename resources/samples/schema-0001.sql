BEGIN TRANSACTION;
CREATE TABLE activity (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	project_id INTEGER, 
	pair_id INTEGER, 
	kind VARCHAR(40), 
	title TEXT NOT NULL, 
	date VARCHAR(10), 
	ended VARCHAR(10), 
	place TEXT, 
	head_count INTEGER, 
	summary TEXT, 
	version INTEGER NOT NULL, 
	deleted_at VARCHAR(32), 
	CONSTRAINT fk_activity_pair_id FOREIGN KEY(pair_id) REFERENCES pair (id), 
	CONSTRAINT fk_activity_project_id FOREIGN KEY(project_id) REFERENCES project (id)
);
CREATE TABLE agreement (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	project_id INTEGER, 
	pair_id INTEGER, 
	kind VARCHAR(40), 
	title TEXT, 
	signed VARCHAR(10), 
	expires VARCHAR(10), 
	ended VARCHAR(10), 
	place TEXT, 
	signatories TEXT, 
	version INTEGER NOT NULL, 
	batch_id INTEGER, 
	deleted_at VARCHAR(32), 
	CONSTRAINT fk_agreement_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id), 
	CONSTRAINT fk_agreement_pair_id FOREIGN KEY(pair_id) REFERENCES pair (id), 
	CONSTRAINT fk_agreement_project_id FOREIGN KEY(project_id) REFERENCES project (id)
);
INSERT INTO "agreement" VALUES(1,1,1,'sister_agreement',NULL,'1974-04-18',NULL,NULL,NULL,NULL,1,NULL,NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE change (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at VARCHAR(32) NOT NULL, 
	action VARCHAR(20) NOT NULL, 
	batch_id INTEGER, 
	undoes_id INTEGER, 
	undone_by_id INTEGER, 
	CONSTRAINT fk_change_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id), 
	CONSTRAINT fk_change_undoes_id FOREIGN KEY(undoes_id) REFERENCES change (id), 
	CONSTRAINT fk_change_undone_by_id FOREIGN KEY(undone_by_id) REFERENCES change (id)
);
INSERT INTO "change" VALUES(1,'2020-01-02T00:00:00Z','import',1,NULL,NULL);
INSERT INTO "change" VALUES(2,'2020-01-03T00:00:00Z','edit',NULL,NULL,NULL);
CREATE TABLE code (
	list VARCHAR(40) NOT NULL, 
	code VARCHAR(40) NOT NULL, 
	position INTEGER NOT NULL, 
	name_zh TEXT NOT NULL, 
	name_en TEXT NOT NULL, 
	parent VARCHAR(40), 
	builtin BOOLEAN NOT NULL, 
	source TEXT, 
	CONSTRAINT pk_code PRIMARY KEY (list, code)
);
INSERT INTO "code" VALUES('status','signed',4,'签约','Signed',NULL,1,NULL);
INSERT INTO "code" VALUES('status','active',5,'实施','Active',NULL,1,NULL);
INSERT INTO "code" VALUES('pair_kind','sister',1,'友好城市','Sister city',NULL,1,NULL);
CREATE TABLE country (
	iso2 VARCHAR(2) NOT NULL, 
	iso3 VARCHAR(3) NOT NULL, 
	name_zh TEXT NOT NULL, 
	name_en TEXT NOT NULL, 
	continent VARCHAR(40) NOT NULL, 
	continent5_zh TEXT NOT NULL, 
	subregion TEXT NOT NULL, 
	region_of VARCHAR(2), 
	diplomatic_relations VARCHAR(10), 
	bri_from INTEGER, 
	bri_until INTEGER, 
	builtin BOOLEAN NOT NULL, 
	CONSTRAINT pk_country PRIMARY KEY (iso2)
);
INSERT INTO "country" VALUES('CN','CHN','中国','China','asia','亚洲','Eastern Asia',NULL,NULL,NULL,NULL,1);
INSERT INTO "country" VALUES('JP','JPN','日本','Japan','asia','亚洲','Eastern Asia',NULL,'1972',NULL,NULL,1);
INSERT INTO "country" VALUES('BY','BLR','白俄罗斯','Belarus','europe','欧洲','Eastern Europe',NULL,'1992',2016,NULL,1);
CREATE TABLE history_entry (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	change_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	record_id INTEGER NOT NULL, 
	action VARCHAR(10) NOT NULL, 
	"before" JSON, 
	"after" JSON, 
	CONSTRAINT fk_history_entry_change_id FOREIGN KEY(change_id) REFERENCES change (id)
);
INSERT INTO "history_entry" VALUES(1,1,'project',1,'create',NULL,NULL);
INSERT INTO "history_entry" VALUES(2,2,'project',2,'update','{"status": "signed"}','{"status": "active"}');
CREATE TABLE import_batch (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	file_name TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	sheets TEXT, 
	at VARCHAR(32) NOT NULL, 
	counts JSON NOT NULL, 
	ignored JSON NOT NULL, 
	problems JSON NOT NULL, 
	undone_at VARCHAR(32)
);
INSERT INTO "import_batch" VALUES(1,'台账.xlsx','0000000000000000000000000000000000000000000000000000000000000000',NULL,'2020-01-02T00:00:00Z','{}','[]','[]',NULL);
CREATE TABLE meta (
	name VARCHAR(60) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('created','2020-01-01T00:00:00Z');
CREATE TABLE organisation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	folded TEXT NOT NULL, 
	name_en TEXT, 
	kind VARCHAR(40), 
	version INTEGER NOT NULL, 
	deleted_at VARCHAR(32), 
	CONSTRAINT uq_organisation_folded UNIQUE (folded)
);
INSERT INTO "organisation" VALUES(1,'市外办','市外办',NULL,NULL,1,NULL);
CREATE TABLE outcome (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	project_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	outcome_class VARCHAR(40), 
	what TEXT, 
	quantity BIGINT, 
	unit TEXT, 
	amount BIGINT, 
	currency VARCHAR(3), 
	date VARCHAR(10), 
	evidence TEXT, 
	CONSTRAINT fk_outcome_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE CASCADE
);
INSERT INTO "outcome" VALUES(1,2,0,NULL,'入园企业',680000,'家',NULL,NULL,NULL,NULL);
CREATE TABLE pair (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	domestic_id INTEGER NOT NULL, 
	foreign_id INTEGER NOT NULL, 
	kind VARCHAR(40), 
	level VARCHAR(40), 
	life VARCHAR(40), 
	ended VARCHAR(10), 
	note TEXT, 
	version INTEGER NOT NULL, 
	batch_id INTEGER, 
	deleted_at VARCHAR(32), 
	CONSTRAINT fk_pair_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id), 
	CONSTRAINT fk_pair_domestic_id FOREIGN KEY(domestic_id) REFERENCES place (id), 
	CONSTRAINT fk_pair_foreign_id FOREIGN KEY(foreign_id) REFERENCES place (id)
);
INSERT INTO "pair" VALUES(1,1,2,'sister',NULL,NULL,NULL,NULL,1,NULL,NULL);
CREATE TABLE pending_row (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch_id INTEGER NOT NULL, 
	sheet TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	digest VARCHAR(32) NOT NULL, 
	cells JSON NOT NULL, 
	problems JSON NOT NULL, 
	settled_at VARCHAR(32), 
	settled_how VARCHAR(20), 
	CONSTRAINT fk_pending_row_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id)
);
CREATE TABLE place (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" VARCHAR(40) NOT NULL, 
	level VARCHAR(40) NOT NULL, 
	country VARCHAR(2) NOT NULL, 
	parent_key VARCHAR(40), 
	province VARCHAR(40), 
	prefecture VARCHAR(40), 
	name_zh TEXT, 
	name_en TEXT, 
	name_local TEXT, 
	aliases TEXT, 
	pinyin TEXT, 
	lat FLOAT, 
	lon FLOAT, 
	confirmed BOOLEAN NOT NULL, 
	version INTEGER NOT NULL, 
	deleted_at VARCHAR(32), 
	CONSTRAINT fk_place_country FOREIGN KEY(country) REFERENCES country (iso2), 
	CONSTRAINT uq_place_key UNIQUE ("key")
);
INSERT INTO "place" VALUES(1,'cn:310000','province','CN',NULL,'310000','310000','上海市','Shanghai',NULL,NULL,NULL,NULL,NULL,1,1,NULL);
INSERT INTO "place" VALUES(2,'gn:1853909','prefecture','JP',NULL,NULL,NULL,'大阪','Osaka',NULL,NULL,NULL,NULL,NULL,1,1,NULL);
INSERT INTO "place" VALUES(3,'co:BY','country','BY',NULL,NULL,NULL,'白俄罗斯','Belarus',NULL,NULL,NULL,NULL,NULL,1,1,NULL);
CREATE TABLE place_rule (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	folded TEXT NOT NULL, 
	country VARCHAR(2) NOT NULL, 
	place_key VARCHAR(40) NOT NULL, 
	decided_at VARCHAR(32) NOT NULL, 
	CONSTRAINT uq_place_rule_folded_country UNIQUE (folded, country)
);
CREATE TABLE project (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	code VARCHAR(60), 
	title TEXT NOT NULL, 
	title_en TEXT, 
	mode VARCHAR(40), 
	submode VARCHAR(40), 
	nature VARCHAR(40), 
	status VARCHAR(40), 
	domain VARCHAR(40), 
	level VARCHAR(40), 
	policy_step VARCHAR(40), 
	department_id INTEGER, 
	lead_id INTEGER, 
	pair_id INTEGER, 
	parent_id INTEGER, 
	signed VARCHAR(10), 
	planned_start VARCHAR(10), 
	planned_end VARCHAR(10), 
	started VARCHAR(10), 
	ended VARCHAR(10), 
	start VARCHAR(10), 
	amount BIGINT, 
	currency VARCHAR(3), 
	summary TEXT, 
	results TEXT, 
	source TEXT, 
	visibility VARCHAR(40) NOT NULL, 
	note TEXT, 
	fingerprint BIGINT NOT NULL, 
	version INTEGER NOT NULL, 
	batch_id INTEGER, 
	created_at VARCHAR(32) NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, 
	deleted_at VARCHAR(32), 
	CONSTRAINT fk_project_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id), 
	CONSTRAINT fk_project_department_id FOREIGN KEY(department_id) REFERENCES organisation (id), 
	CONSTRAINT fk_project_lead_id FOREIGN KEY(lead_id) REFERENCES organisation (id), 
	CONSTRAINT fk_project_pair_id FOREIGN KEY(pair_id) REFERENCES pair (id), 
	CONSTRAINT fk_project_parent_id FOREIGN KEY(parent_id) REFERENCES project (id)
);
INSERT INTO "project" VALUES(1,'1974-001','上海—大阪友好城市',NULL,NULL,NULL,NULL,'signed',NULL,NULL,NULL,1,NULL,1,NULL,'1974-04-18',NULL,NULL,NULL,NULL,'1974-04-18',NULL,NULL,NULL,NULL,NULL,'public',NULL,1,1,1,'2020-01-02T00:00:00Z','2020-01-02T00:00:00Z',NULL);
INSERT INTO "project" VALUES(2,'2010-001','中白工业园',NULL,NULL,NULL,NULL,'active',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2010-10',NULL,NULL,NULL,NULL,'2010-10',55000000000000,'USD',NULL,NULL,NULL,'public',NULL,2,2,NULL,'2020-01-02T00:00:00Z','2020-01-03T00:00:00Z',NULL);
CREATE TABLE project_code (
	project_id INTEGER NOT NULL, 
	list VARCHAR(40) NOT NULL, 
	code VARCHAR(40) NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_project_code PRIMARY KEY (project_id, list, code), 
	CONSTRAINT fk_project_code_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE CASCADE
);
CREATE TABLE project_partner (
	project_id INTEGER NOT NULL, 
	organisation_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_project_partner PRIMARY KEY (project_id, organisation_id), 
	CONSTRAINT fk_project_partner_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_project_partner_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE CASCADE
);
CREATE TABLE project_place (
	project_id INTEGER NOT NULL, 
	side VARCHAR(8) NOT NULL, 
	place_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_project_place PRIMARY KEY (project_id, side, place_id), 
	CONSTRAINT fk_project_place_place_id FOREIGN KEY(place_id) REFERENCES place (id), 
	CONSTRAINT fk_project_place_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE CASCADE
);
INSERT INTO "project_place" VALUES(1,'domestic',1,0);
INSERT INTO "project_place" VALUES(1,'foreign',2,0);
INSERT INTO "project_place" VALUES(2,'foreign',3,0);
CREATE TABLE project_search (
	project_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_project_search PRIMARY KEY (project_id), 
	CONSTRAINT fk_project_search_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE CASCADE
);
CREATE TABLE project_status (
	id INTEGER NOT NULL, 
	project_id INTEGER NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	date VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_project_status PRIMARY KEY (id), 
	CONSTRAINT fk_project_status_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE CASCADE
);
CREATE TABLE project_tag (
	project_id INTEGER NOT NULL, 
	tag_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_project_tag PRIMARY KEY (project_id, tag_id), 
	CONSTRAINT fk_project_tag_project_id FOREIGN KEY(project_id) REFERENCES project (id) ON DELETE CASCADE, 
	CONSTRAINT fk_project_tag_tag_id FOREIGN KEY(tag_id) REFERENCES tag (id)
);
CREATE TABLE saved_view (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	filter TEXT NOT NULL, 
	columns JSON NOT NULL, 
	sort JSON NOT NULL, 
	CONSTRAINT uq_saved_view_name UNIQUE (name)
);
CREATE TABLE tag (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_tag PRIMARY KEY (id), 
	CONSTRAINT uq_tag_name UNIQUE (name)
);
CREATE INDEX ix_import_batch_sha256 ON import_batch (sha256);
CREATE INDEX ix_change_batch_id ON change (batch_id);
CREATE INDEX ix_pending_row_batch_id ON pending_row (batch_id);
CREATE INDEX ix_pending_row_digest ON pending_row (digest);
CREATE INDEX ix_place_country ON place (country);
CREATE INDEX ix_place_prefecture ON place (prefecture);
CREATE INDEX ix_place_province ON place (province);
CREATE INDEX ix_history_entry_change_id ON history_entry (change_id);
CREATE INDEX ix_history_entry_record ON history_entry (kind, record_id);
CREATE INDEX ix_pair_batch_id ON pair (batch_id);
CREATE INDEX ix_pair_domestic_id ON pair (domestic_id);
CREATE INDEX ix_pair_foreign_id ON pair (foreign_id);
CREATE INDEX ix_project_batch_id ON project (batch_id);
CREATE INDEX ix_project_code ON project (code);
CREATE INDEX ix_project_department_id ON project (department_id);
CREATE INDEX ix_project_fingerprint ON project (fingerprint);
CREATE INDEX ix_project_lead_id ON project (lead_id);
CREATE INDEX ix_project_pair_id ON project (pair_id);
CREATE INDEX ix_project_parent_id ON project (parent_id);
CREATE INDEX ix_project_listing ON project (deleted_at, start, id);
CREATE INDEX ix_activity_pair_id ON activity (pair_id);
CREATE INDEX ix_activity_project_id ON activity (project_id);
CREATE INDEX ix_agreement_batch_id ON agreement (batch_id);
CREATE INDEX ix_agreement_pair_id ON agreement (pair_id);
CREATE INDEX ix_agreement_project_id ON agreement (project_id);
CREATE INDEX ix_outcome_project_id ON outcome (project_id);
CREATE INDEX ix_project_partner_organisation_id ON project_partner (organisation_id);
CREATE INDEX ix_project_place_place_id ON project_place (place_id);
CREATE INDEX ix_project_status_project_id ON project_status (project_id);
CREATE INDEX ix_project_tag_tag_id ON project_tag (tag_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('place',3);
INSERT INTO "sqlite_sequence" VALUES('organisation',1);
INSERT INTO "sqlite_sequence" VALUES('import_batch',1);
INSERT INTO "sqlite_sequence" VALUES('pair',1);
INSERT INTO "sqlite_sequence" VALUES('project',2);
INSERT INTO "sqlite_sequence" VALUES('agreement',1);
INSERT INTO "sqlite_sequence" VALUES('outcome',1);
INSERT INTO "sqlite_sequence" VALUES('change',2);
INSERT INTO "sqlite_sequence" VALUES('history_entry',2);
COMMIT;
