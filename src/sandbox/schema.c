/* Every object that can be listed has visible_ms and deleted_ms: a list that shows the state of the instant T
 * holds the rows with visible_ms <= T < deleted_ms. Lists and searches that lag (switches 11 and 26) ask for
 * an earlier T. Deleted rows stay, so that they can still be seen by a lagging list. */
#include "sandbox/schema.h"

#define COMMON                                                                                               \
    "id INTEGER PRIMARY KEY, project INTEGER NOT NULL, pid INTEGER NOT NULL, name TEXT NOT NULL, "           \
    "description TEXT, ord INTEGER NOT NULL, created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL, "    \
    "visible_ms INTEGER NOT NULL, deleted_ms INTEGER NOT NULL DEFAULT 9223372036854775807"

/* Below a parent of the execution tree: 0 root, 1 release, 2 cycle, 3 suite. */
#define IN_EXECUTION ", parent_type INTEGER NOT NULL DEFAULT 0, parent INTEGER NOT NULL DEFAULT 0"

const char schema_sql[] =
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT,"
    " automation INTEGER NOT NULL, uuid TEXT NOT NULL, created_ms INTEGER NOT NULL);"

    "CREATE TABLE modules (" COMMON ", parent INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX modules_parent ON modules (project, parent);"
    "CREATE INDEX modules_pid ON modules (project, pid);"

    "CREATE TABLE releases (" COMMON ", note TEXT, start_ms INTEGER, end_ms INTEGER);"
    "CREATE TABLE builds (" COMMON ", parent INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE requirements (" COMMON ", parent INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX requirements_pid ON requirements (project, pid);"
    "CREATE TABLE defects (" COMMON ");"

    "CREATE TABLE cycles (" COMMON IN_EXECUTION ", target_release INTEGER, target_build INTEGER);"
    "CREATE INDEX cycles_parent ON cycles (project, parent_type, parent);"
    "CREATE INDEX cycles_pid ON cycles (project, pid);"
    "CREATE INDEX cycles_name ON cycles (name);"

    "CREATE TABLE suites (" COMMON IN_EXECUTION ", target_release INTEGER, target_build INTEGER);"
    "CREATE INDEX suites_parent ON suites (project, parent_type, parent);"
    "CREATE INDEX suites_pid ON suites (project, pid);"
    "CREATE INDEX suites_name ON suites (name);"

    /* content: the Automation Content, NULL without one. version: the current row of versions. */
    "CREATE TABLE cases (" COMMON ", module INTEGER NOT NULL DEFAULT 0, content TEXT,"
    " version INTEGER NOT NULL DEFAULT 0,"
    " precondition TEXT);"
    "CREATE INDEX cases_project ON cases (project, visible_ms, deleted_ms, modified_ms, module);"
    "CREATE INDEX cases_module ON cases (module);"
    "CREATE INDEX cases_content ON cases (content);"
    "CREATE INDEX cases_pid ON cases (project, pid);"
    "CREATE TABLE versions (id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, major INTEGER NOT NULL,"
    " minor INTEGER NOT NULL, approved INTEGER NOT NULL, name TEXT NOT NULL, description TEXT,"
    " precondition TEXT, created_ms INTEGER NOT NULL);"
    "CREATE INDEX versions_case ON versions (case_id);"
    "CREATE TABLE steps (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, ord INTEGER NOT NULL,"
    " description TEXT NOT NULL, expected TEXT NOT NULL);"
    "CREATE INDEX steps_version ON steps (version, ord);"

    /* log: the one that the run shows. logs: how many there are. */
    "CREATE TABLE runs (" COMMON IN_EXECUTION ", case_id INTEGER NOT NULL DEFAULT 0,"
    " version INTEGER NOT NULL DEFAULT 0, automation INTEGER NOT NULL DEFAULT 0, log INTEGER, logs INTEGER "
    "NOT NULL DEFAULT 0);"
    "CREATE INDEX runs_project ON runs (project, visible_ms, deleted_ms);"
    "CREATE INDEX runs_parent ON runs (parent, parent_type);"
    "CREATE INDEX runs_case ON runs (case_id, parent);"
    "CREATE INDEX runs_pid ON runs (project, pid);"

    /* note_html: the note is HTML already and is not escaped again on read. */
    "CREATE TABLE logs (id INTEGER PRIMARY KEY, project INTEGER NOT NULL, run INTEGER NOT NULL,"
    " version INTEGER NOT NULL, status INTEGER NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,"
    " name TEXT, note TEXT, note_html INTEGER NOT NULL, build_number TEXT, build_url TEXT,"
    " number INTEGER NOT NULL, planned INTEGER, actual INTEGER, visible_ms INTEGER NOT NULL,"
    " deleted_ms INTEGER NOT NULL DEFAULT 9223372036854775807);"
    "CREATE INDEX logs_run ON logs (run);"
    "CREATE INDEX logs_start ON logs (start_ms, project, visible_ms, deleted_ms);"
    "CREATE INDEX logs_end ON logs (end_ms, project, visible_ms, deleted_ms);"
    "CREATE TRIGGER runs_deleted AFTER UPDATE OF deleted_ms ON runs BEGIN"
    " UPDATE logs SET deleted_ms = NEW.deleted_ms WHERE run = NEW.id; END;"
    "CREATE TABLE step_logs (id INTEGER PRIMARY KEY, log INTEGER NOT NULL, step INTEGER, ord INTEGER NOT "
    "NULL,"
    " status INTEGER, description TEXT, expected TEXT, actual TEXT, exe_ms INTEGER);"
    "CREATE INDEX step_logs_log ON step_logs (log, ord);"

    "CREATE TABLE fields (id INTEGER PRIMARY KEY, project INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " label TEXT NOT NULL, original_name TEXT, data_type INTEGER NOT NULL, required INTEGER NOT NULL,"
    " multiple INTEGER NOT NULL, system INTEGER NOT NULL, active INTEGER NOT NULL, default_value TEXT,"
    " ord INTEGER NOT NULL);"
    "CREATE INDEX fields_project ON fields (project, kind);"
    "CREATE TABLE allowed_values (field INTEGER NOT NULL, value INTEGER NOT NULL, label TEXT NOT NULL,"
    " active INTEGER NOT NULL, is_default INTEGER NOT NULL, ord INTEGER NOT NULL,"
    " PRIMARY KEY (field, value)) WITHOUT ROWID;"
    /* Only values that differ from the field's default; a field's id is found by its original name. */
    "CREATE TABLE properties (object INTEGER NOT NULL, field INTEGER NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY (object, field)) WITHOUT ROWID;"

    "CREATE TABLE attachments (id INTEGER PRIMARY KEY, project INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " object INTEGER NOT NULL, name TEXT NOT NULL, content_type TEXT NOT NULL, data BLOB NOT NULL,"
    " created_ms INTEGER NOT NULL);"
    "CREATE INDEX attachments_object ON attachments (object);"
    "CREATE TABLE links (from_kind INTEGER NOT NULL, from_id INTEGER NOT NULL, to_kind INTEGER NOT NULL,"
    " to_id INTEGER NOT NULL, PRIMARY KEY (from_id, to_id)) WITHOUT ROWID;"
    "CREATE INDEX links_back ON links (to_id);"

    /* form: 'A' or 'B'. state: 0 accepted, 1 SUCCESS, 2 FAILED; what is shown in between follows the clock.
     */
    "CREATE TABLE jobs (id INTEGER PRIMARY KEY, project INTEGER NOT NULL, form TEXT NOT NULL,"
    " escape_xml INTEGER NOT NULL, body BLOB NOT NULL, state INTEGER NOT NULL DEFAULT 0, content_type TEXT,"
    " content TEXT, created_ms INTEGER NOT NULL, started_ms INTEGER, ended_ms INTEGER);"
    "CREATE INDEX jobs_open ON jobs (state, id);"

    "CREATE TABLE tokens (token TEXT PRIMARY KEY, refresh INTEGER NOT NULL, expires_ms INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE calls (month TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;"

    /* What the planner should expect of a large site: it never sees the tables filled when it reads this. A
     * project holds all rows of a table, a parent some, a content one. */
    "ANALYZE;"
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
    " ('modules', 'modules_parent', '2000 2000 20'), ('modules', 'modules_pid', '2000 2000 1'),"
    " ('requirements', 'requirements_pid', '2000 2000 1'),"
    " ('cycles', 'cycles_parent', '200 200 100 10'), ('cycles', 'cycles_pid', '200 200 1'),"
    " ('cycles', 'cycles_name', '200 1'),"
    " ('suites', 'suites_parent', '2000 2000 1000 100'), ('suites', 'suites_pid', '2000 2000 1'),"
    " ('suites', 'suites_name', '2000 2'),"
    " ('cases', 'cases_project', '20000 20000 50 50 50 50'), ('cases', 'cases_module', '20000 500'),"
    " ('cases', 'cases_content', '20000 1'), ('cases', 'cases_pid', '20000 20000 1'),"
    " ('versions', 'versions_case', '30000 2'), ('steps', 'steps_version', '200000 10 1'),"
    " ('runs', 'runs_project', '200000 200000 500 500'), ('runs', 'runs_parent', '200000 1000 1000'),"
    " ('runs', 'runs_case', '200000 10 1'), ('runs', 'runs_pid', '200000 200000 1'),"
    " ('logs', 'logs_run', '500000 5'), ('logs', 'logs_start', '500000 5 5 5 5'),"
    " ('logs', 'logs_end', '500000 5 5 5 5'), ('step_logs', 'step_logs_log', '500000 10 1');"
    "ANALYZE sqlite_schema;";
