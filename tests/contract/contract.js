"use strict";
// Drives every endpoint of a running sandbox and validates each request and each reply against the vendor's Swagger file.
//
//     NODE_PATH=FOLDER_WITH_AJV node contract.js SWAGGER_FILE http://127.0.0.1:PORT TOKEN ROUTER_C
//
// Contradictions of the file with itself or with the seen server are listed in exceptions.json, each with the section of
// docs/qtest-api.md; an exception that nothing needs any more is an error, too. ROUTER_C is read for the list of what the
// sandbox answers: each route must be driven here or be named in exceptions.json as not in the file.
const fs = require("fs");
const path = require("path");
const Ajv = require("ajv").default;
const addFormats = require("ajv-formats").default;
const yaml = require("js-yaml");

const [swaggerFile, site, token, routerFile] = process.argv.slice(2);
const exceptions = JSON.parse(fs.readFileSync(path.join(__dirname, "exceptions.json"), "utf8"));
const P = "/api/v3/projects/{projectId}";
const problems = [];
const driven = new Set();
const swagger = yaml.load(fs.readFileSync(swaggerFile, "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, validateFormats: true });
addFormats(ajv);
ajv.addSchema({ $id: "swagger", definitions: swagger.definitions });
const compiled = new Map();
let calls = 0;

// A schema of the file as a function; its references point into the file.
function validator(schema) {
  const text = JSON.stringify(schema).replaceAll('"#/definitions/', '"swagger#/definitions/');
  if (!compiled.has(text)) compiled.set(text, ajv.compile(JSON.parse(text)));
  return compiled.get(text);
}

function excused(operation, where, error) {
  const place = error.instancePath.replace(/\/\d+/g, "/*") + (error.params.missingProperty ? "/" + error.params.missingProperty : "");
  for (const e of exceptions.mismatches) {
    if (new RegExp(`^(${e.operation})$`).test(operation) && e.where === where && e.keyword === error.keyword && new RegExp(e.place).test(place)) {
      e.used = true;
      return true;
    }
  }
  return false;
}

function judge(operation, where, schema, value, what) {
  const validate = validator(schema);
  if (validate(value)) return;
  for (const error of validate.errors)
    if (!excused(operation.operationId, where, error))
      problems.push(`${operation.operationId} ${where}: '${error.instancePath}' ${error.message} ${JSON.stringify(error.params)} (${what})`);
}

// Text of a query or path as the type that the file says.
function typed(parameter, value) {
  if (parameter.type === "integer" && /^-?\d+$/.test(String(value))) return Number(value);
  if (parameter.type === "boolean" && /^(true|false)$/.test(String(value))) return value === "true" || value === true;
  return parameter.type === "array" || typeof value === "object" ? value : String(value);
}

function judgeRequest(operation, args, headers, what) {
  const given = { path: args.path || {}, query: args.query || {}, header: headers, formData: args.form || {} };
  const known = new Set();
  for (const parameter of operation.parameters || []) {
    const place = given[parameter.in];
    const value = parameter.in === "body" ? (args.raw !== undefined ? args.raw : args.body) : place[Object.keys(place).find((k) => k.toLowerCase() === parameter.name.toLowerCase())];
    known.add(parameter.in + " " + parameter.name);
    if (value === undefined) {
      if (parameter.required) problems.push(`${operation.operationId} request: ${parameter.in} parameter '${parameter.name}' is missing (${what})`);
      continue;
    }
    const { type, items, format } = parameter;
    judge(operation, "request", parameter.schema || { type, items, format, enum: parameter.enum }, parameter.in === "body" ? value : typed(parameter, value), what);
  }
  for (const name of Object.keys(given.query))
    if (!known.has("query " + name)) problems.push(`${operation.operationId} request: query parameter '${name}' is not in the file (${what})`);
}

function judgeResponse(operation, status, type, body, what) {
  const documented = operation.responses[status] || operation.responses.default;
  if (!documented) {
    if (!exceptions.statuses.some((e) => e.status === status && new RegExp(`^(${e.operation})$`).test(operation.operationId) && (e.used = true)))
      problems.push(`${operation.operationId} response: status ${status} is not in the file (${what})`);
  } else if (documented.schema) {
    judge(operation, "response", documented.schema, body, what);
  }
}

async function call(method, template, args = {}) {
  const operation = swagger.paths[template] && swagger.paths[template][method.toLowerCase()];
  if (!operation) throw new Error(`${method} ${template} is not in the Swagger file`);
  driven.add(`${method} ${template}`);
  calls++;
  const target = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(args.path[name]));
  const query = new URLSearchParams(args.query || {}).toString();
  const headers = { Authorization: `bearer ${token}`, ...(args.headers || {}) };
  let data;
  if (args.raw !== undefined) data = args.raw;
  else if (args.form) data = new URLSearchParams(args.form).toString();
  else if (args.body !== undefined) data = JSON.stringify(args.body);
  if (args.form) headers["Content-Type"] = "application/x-www-form-urlencoded";
  else if (args.body !== undefined) headers["Content-Type"] = "application/json";
  if (!args.malformed) judgeRequest(operation, args, headers, `${method} ${target}`);
  const reply = await fetch(site + target + (query ? "?" + query : ""), { method, headers, body: data });
  const text = await reply.text();
  const type = reply.headers.get("content-type") || "";
  const body = /json/.test(type) && text ? JSON.parse(text) : text;
  judgeResponse(operation, reply.status, type, body, `${method} ${target} -> ${reply.status} ${text.slice(0, 160)}`);
  const expected = args.status || [200, 201];
  if (!expected.includes(reply.status)) problems.push(`${method} ${target}: status ${reply.status}, ${text.slice(0, 200)}`);
  return body;
}

async function finished(job) {
  for (;;) {
    const state = await call("GET", "/api/v3/projects/queue-processing/{id}", { path: { id: job.id } });
    if (state.state === "SUCCESS") return state;
    if (state.state === "FAILED") throw new Error(state.content);
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

const entry = (name, more = {}) => ({
  name, automation_content: "contract-" + name, status: "PASS", exe_start_date: "2026-01-02T03:04:05.000Z",
  exe_end_date: "2026-01-02T03:04:06.000Z", note: "a note", build_number: "7", build_url: "https://ci.example/7",
  test_step_logs: [{ description: "open", expected_result: "Pass", actual_result: "ok", status: "PASS", order: 0 }], ...more });

async function access() {
  const basic = (text) => ({ Authorization: "Basic " + Buffer.from(text).toString("base64") });
  const form = { grant_type: "password", username: "a@example.com", password: token };
  const got = await call("POST", "/oauth/token", { form, headers: basic("site:") });
  await call("POST", "/oauth/token", { form: { grant_type: "refresh_token", refresh_token: got.refresh_token }, headers: basic("qtest-api:") });
  await call("POST", "/oauth/token", { form: { grant_type: "refresh_token", refresh_token: "x" }, headers: basic("qtest-api:"), status: [400] });
  await call("GET", "/oauth/status", {});
  await call("GET", "/oauth/status", { headers: { Authorization: "bearer wrong" }, status: [401] });
}

async function projects() {
  const list = await call("GET", "/api/v3/projects", { query: { assigned: "true", page: 1, pageSize: 999 } });
  const project = list[0];
  await call("POST", "/api/v3/projects", { body: { name: "Made by the contract", description: "d" } });
  await call("POST", "/api/v3/projects/search", { body: { uuid: [project.uuid] } });
  await call("GET", P, { path: { projectId: project.id } });
  await call("GET", P + "/users", { path: { projectId: project.id } });
  await call("GET", P + "/user-profiles/current", { path: { projectId: project.id } });
  await call("GET", "/api/v3/user-profiles/current", {});
  await call("GET", "/api/v3/users/{userId}", { path: { userId: 1 } });
  await call("GET", "/api/v3/users/search", { query: { username: "sandbox" } });
  return project.id;
}

async function planning(projectId) {
  const made = {};
  for (const [kind, id] of [["releases", "releaseId"], ["requirements", "requirementId"]]) {
    const body = { name: "One", properties: [] };
    made[kind] = await call("POST", `${P}/${kind}`, { path: { projectId }, body });
    await call("GET", `${P}/${kind}`, { path: { projectId } });
    const one = { projectId, [id]: made[kind].id };
    await call("GET", `${P}/${kind}/{${id}}`, { path: one });
    await call("PUT", `${P}/${kind}/{${id}}`, { path: one, body: { name: "Two", properties: [] } });
  }
  const build = await call("POST", P + "/builds", { path: { projectId }, body: { name: "B", properties: [], release: { id: made.releases.id, properties: [] } } });
  await call("GET", P + "/builds", { path: { projectId }, query: { releaseId: made.releases.id } });
  const one = { projectId, buildId: build.id };
  await call("GET", P + "/builds/{buildId}", { path: one });
  await call("PUT", P + "/builds/{buildId}", { path: one, body: { name: "B2", properties: [] } });
  const defect = await call("POST", P + "/defects", { path: { projectId }, body: { properties: [] } });
  await call("GET", P + "/defects/{defectId}", { path: { projectId, defectId: String(defect.id) } });
  await call("PUT", P + "/defects/{defectId}", { path: { projectId, defectId: defect.id }, body: { properties: [] } });
  return { ...made, build };
}

async function execution(projectId) {
  const cycle = await call("POST", P + "/test-cycles", { path: { projectId }, query: { parentId: 0, parentType: "root" }, body: { name: "Cycle", description: "d" } });
  const one = { projectId, testCycleId: cycle.id };
  const suite = await call("POST", P + "/test-suites", { path: { projectId }, query: { parentId: cycle.id, parentType: "test-cycle" }, body: { name: "Suite", properties: [] } });
  await call("GET", P + "/test-cycles", { path: { projectId }, query: { expand: "descendants", pageSize: -1 } });
  await call("GET", P + "/test-cycles/{testCycleId}", { path: one, query: { expand: "descendants" } });
  await call("PUT", P + "/test-cycles/{testCycleId}", { path: one, body: { name: "Cycle 2" } });
  await call("GET", P + "/test-suites", { path: { projectId }, query: { parentId: cycle.id, parentType: "test-cycle" } });
  await call("GET", P + "/test-suites/{testSuiteId}", { path: { projectId, testSuiteId: suite.id } });
  await call("PUT", P + "/test-suites/{testSuiteId}", { path: { projectId, testSuiteId: suite.id }, body: { name: "Suite 2", properties: [] } });
  return { cycle, suite };
}

async function design(projectId) {
  const module = await call("POST", P + "/modules", { path: { projectId }, body: { name: "Module", description: "d" } });
  const child = await call("POST", P + "/modules", { path: { projectId }, query: { parentId: module.id }, body: { name: "Child" } });
  await call("GET", P + "/modules", { path: { projectId }, query: { expand: "descendants" } });
  await call("GET", P + "/modules/{moduleId}", { path: { projectId, moduleId: module.id } });
  await call("PUT", P + "/modules/{moduleId}", { path: { projectId, moduleId: child.id }, body: { name: "Renamed" } });
  await call("DELETE", P + "/modules/{moduleId}", { path: { projectId, moduleId: child.id }, query: { force: "true" } });
  const body = { name: "Case", parent_id: module.id, properties: [], description: "<b>d</b>", precondition: "p", test_steps: [{ description: "s", expected: "e", order: 1 }] };
  const made = await call("POST", P + "/test-cases", { path: { projectId }, body });
  const one = { projectId, testCaseId: made.id };
  await call("GET", P + "/test-cases", { path: { projectId }, query: { size: 50, expandSteps: "true" } });
  await call("GET", P + "/test-cases/{testCaseId}", { path: { projectId, testCaseId: made.pid }, query: { expand: "teststep" } });
  await call("PUT", P + "/test-cases/{testCaseId}", { path: one, body: { name: "Case 2", properties: [] } });
  await call("PUT", P + "/test-cases/{testCaseId}/approve", { path: one });
  await call("PUT", P + "/test-cases/update/testcases", { path: { projectId }, body: { [made.id]: { name: "Case 3", properties: [] } } });
  const versions = await call("GET", P + "/test-cases/{testCaseId}/versions", { path: one });
  const version = { ...one, versionId: versions[0].test_case_version_id };
  await call("GET", P + "/test-cases/{testCaseId}/versions/{versionId}", { path: version });
  await call("GET", P + "/test-cases/{testCaseId}/versions/{versionId}/test-steps", { path: version });
  await call("GET", "/api/v4/projects/{projectId}/test-cases/{testCaseId}/versions/{versionId}/test-steps", { path: version });
  await call("GET", "/api/v4/projects/{projectId}/test-cases/{testCaseId}/test-steps", { path: one });
  const step = await call("POST", P + "/test-cases/{testCaseId}/test-steps", { path: one, body: { description: "x", expected: "y" } });
  const oneStep = { ...one, stepId: step.id };
  await call("GET", P + "/test-cases/{testCaseId}/test-steps", { path: one });
  await call("GET", P + "/test-cases/{testCaseId}/test-steps/{stepId}", { path: oneStep });
  await call("PUT", P + "/test-cases/{testCaseId}/test-steps/{stepId}", { path: oneStep, body: { description: "x2", expected: "y" } });
  await call("DELETE", P + "/test-cases/{testCaseId}/test-steps/{stepId}", { path: oneStep });
  return { module, made };
}

async function results(projectId, suite, cycle, made) {
  const A = "/api/v3.1/projects/{projectId}/test-runs/{testRunId}/auto-test-logs";
  const file = { name: "a.txt", content_type: "text/plain", data: "eA==", author: {} };
  const body = { test_suite: String(suite.id), execution_date: "2026-01-02T00:00:00Z", test_logs: [entry("one", { attachments: [file] }), entry("two", { status: "FAIL", defect_pids: ["JIRA-1"] })] };
  await finished(await call("POST", A, { path: { projectId, testRunId: 0 }, query: { type: "automation" }, body }));
  await call("POST", A, { path: { projectId, testRunId: 0 }, query: { type: "automation" }, body: { test_logs: "x" }, status: [400], malformed: true });
  await finished(await call("POST", P + "/auto-test-logs", { path: { projectId }, query: { type: "automation" }, body: { test_cycle: cycle.pid, test_logs: [entry("three", { module_names: ["A", "B"] })] } }));
  await call("POST", P + "/test-runs/{testRunId}/auto-test-logs", { path: { projectId, testRunId: 0 }, body: entry("four") });
  const runs = await call("GET", P + "/test-runs", { path: { projectId }, query: { parentId: suite.id, parentType: "test-suite" } });
  const run = { projectId, testRunId: runs.items[1].id };
  await call("GET", P + "/test-runs/{testRunId}", { path: run, query: { expand: "testcase.teststep" } });
  await call("PUT", P + "/test-runs/{testRunId}", { path: run, body: { name: "Run 2", properties: [], test_case: { name: "x", properties: [] } } });
  await call("GET", P + "/test-runs/execution-statuses", { path: { projectId } });
  const logs = await call("GET", P + "/test-runs/{testRunId}/test-logs", { path: run });
  const log = { ...run, id: logs.items[0].id };
  await call("GET", P + "/test-runs/{testRunId}/test-logs/{id}", { path: log });
  await call("GET", P + "/test-runs/{testRunId}/test-logs/last-run", { path: run, query: { expand: "teststeplog.teststep" } });
  await call("PUT", P + "/test-runs/{testRunId}/auto-test-logs/{id}", { path: log, body: { status: "PASS", exe_start_date: "2026-01-02T03:04:05Z", exe_end_date: "2026-01-02T03:04:06Z" } });
  const manual = await call("POST", P + "/test-runs", { path: { projectId }, query: { parentId: suite.id, parentType: "test-suite" }, body: { name: "Manual", properties: [], test_case: { id: made.id, properties: [], name: "x" } } });
  const hand = { projectId, testRunId: manual.id };
  const by = { status: { id: 601, name: "Passed" }, exe_start_date: "2026-01-02T03:04:05Z", exe_end_date: "2026-01-02T03:04:06Z" };
  const manualLog = await call("POST", P + "/test-runs/{testRunId}/test-logs", { path: hand, body: by });
  await call("PUT", P + "/test-runs/{testRunId}/test-logs/{id}", { path: { ...hand, id: manualLog.id }, body: { ...by, note: "n" } });
  return { logId: logs.items[0].id, manual };
}

async function attached(projectId, logId, requirement, made) {
  const holder = { projectId, objectType: "test-logs", objectId: logId };
  const file = await call("POST", P + "/{objectType}/{objectId}/blob-handles", { path: holder, raw: "bytes", headers: { "File-Name": "a.bin", "Content-Type": "application/octet-stream" } });
  await call("GET", P + "/{objectType}/{objectId}/attachments", { path: holder });
  await call("GET", P + "/{objectType}/{objectId}/attachments/{attachmentId}", { path: { ...holder, attachmentId: file.id } });
  await call("GET", P + "/attachments", { path: { projectId }, query: { type: "test-logs" } });
  await call("DELETE", P + "/{objectType}/{objectId}/blob-handles/{blobHandleId}", { path: { ...holder, blobHandleId: file.id } });
  const source = { projectId, objectType: "requirements", objectId: requirement.id };
  await call("POST", P + "/{objectType}/{objectId}/link", { path: source, query: { type: "test-cases" }, body: [made.id] });
  await call("GET", P + "/linked-artifacts", { path: { projectId }, query: { type: "test-cases", ids: [made.id] } });
  await call("DELETE", P + "/{objectType}/{objectId}/link", { path: source, query: { type: "test-cases" }, body: [made.id] });
  const pids = { projectId, objectType: "test-logs", objectId: logId, linkType: "defects" };
  await call("POST", P + "/{objectType}/{objectId}/{linkType}", { path: pids, body: ["JIRA-2"] });
  await call("DELETE", P + "/{objectType}/{objectId}/{linkType}", { path: pids, body: ["JIRA-2"] });
}

async function fields(projectId) {
  const path = { projectId, objectType: "test-cases" };
  const list = await call("GET", P + "/settings/{objectType}/fields", { path });
  await call("GET", P + "/settings/{objectType}/fields/{fieldId}", { path: { ...path, fieldId: list[0].id } });
  await call("GET", P + "/settings/{objectType}/fields/{fieldId}/allowed-values", { path: { ...path, fieldId: list[0].id } });
  await call("POST", P + "/settings/{objectType}/fields", { path, body: { label: "Team", data_type: 3, allowed_values: [{ label: "Red", value: 1 }] } });
}

// The file says of the items only that they have links; they are the resources of their types (section 5).
async function searches(projectId) {
  const types = { releases: "ReleaseWithCustomFieldResource", requirements: "RequirementResource", "test-cases": "TestCaseWithCustomFieldResource",
    "test-runs": "TestRunWithCustomFieldResource", "test-suites": "TestSuiteWithCustomFieldResource", "test-cycles": "TestCycleResource",
    "test-logs": "TestLogResource", builds: "BuildResource", defects: "DefectResource" };
  for (const [object_type, resource] of Object.entries(types)) {
    const query = { pageSize: 999, appendTestSteps: "true", includeTestLogProperties: "true" };
    const found = await call("POST", P + "/search", { path: { projectId }, query, body: { object_type, fields: ["*"], query: "" } });
    if (found.items.length === 0) problems.push(`search of ${object_type} found nothing to judge`);
    for (const item of found.items) judge({ operationId: "searchArtifact" }, "response", { $ref: "#/definitions/" + resource }, item, object_type);
  }
}

async function cleaning(projectId, { suite, cycle, made, manual, planned }) {
  await call("DELETE", P + "/test-runs/{testRunId}", { path: { projectId, testRunId: manual.id } });
  await call("DELETE", P + "/test-cases/{testCaseId}", { path: { projectId, testCaseId: made.id } });
  await call("DELETE", P + "/test-suites/{testSuiteId}", { path: { projectId, testSuiteId: suite.id } });
  await call("DELETE", P + "/test-cycles/{testCycleId}", { path: { projectId, testCycleId: cycle.id }, query: { force: "true" } });
  await call("DELETE", P + "/builds/{buildId}", { path: { projectId, buildId: planned.build.id } });
  await call("DELETE", P + "/requirements/{requirementId}", { path: { projectId, requirementId: planned.requirements.id } });
  await call("DELETE", P + "/releases/{releaseId}", { path: { projectId, releaseId: planned.releases.id } });
}

// Every line of the router's table, compared by shape: names of path parameters do not matter.
function checkCoverage() {
  const shape = (text) => text.replace(/\{\w*\}/g, "{}");
  const covered = new Set([...driven].map(shape));
  const text = fs.readFileSync(routerFile, "utf8");
  for (const [, method, prefix, rest] of text.matchAll(/\{"([A-Z]+)",\s*(P\s+)?"([^"]*)"/g)) {
    const route = `${method} ${prefix ? "/api/v3/projects/{}/" : ""}${rest}`;
    if (!covered.has(route) && !exceptions.not_in_the_file[route]) problems.push(`route ${route} is not driven`);
  }
}

async function main() {
  await access();
  const projectId = await projects();
  const planned = await planning(projectId);
  const { cycle, suite } = await execution(projectId);
  const { made } = await design(projectId);
  const { logId, manual } = await results(projectId, suite, cycle, made);
  await attached(projectId, logId, planned.requirements, made);
  await fields(projectId);
  await searches(projectId);
  await cleaning(projectId, { suite, cycle, made, manual, planned });
  checkCoverage();
  for (const e of exceptions.mismatches.concat(exceptions.statuses)) if (!e.used) problems.push(`exception ${JSON.stringify(e)} is not needed`);
  for (const problem of new Set(problems)) console.log(problem);
  console.log(`${calls} calls, ${driven.size} operations, ${new Set(problems).size} problems`);
  process.exit(problems.length ? 1 : 0);
}

main().catch((error) => {
  console.log(error.stack);
  process.exit(1);
});
