export { GoTime } from './go-time.js';
export { jobFields, jobFieldTypes } from './job-fields.js';
export { compileTemplate, type TemplateData } from './parser.js';
export type { FieldType, Value } from './values.js';
