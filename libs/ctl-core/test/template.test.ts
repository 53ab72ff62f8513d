import { describe, expect, test } from '@jest/globals';
import { compileTemplate, GoTime, TemplateError, type FieldType } from '../src/index.js';

const types: Record<string, FieldType> = {
  Name: 'string',
  Empty: 'string',
  Size: 'string',
  IsMaster: 'bool',
  IsSlave: 'bool',
  Time: 'time',
};
const data = {
  Name: 'debian',
  Empty: '',
  Size: '1.5G "big"',
  IsMaster: true,
  IsSlave: false,
  Time: new GoTime({ unixSeconds: 1795454512, nanoseconds: 0, offsetMinutes: 0 }),
};
const fill = (template: string): string => compileTemplate(template, types)(data);

describe('templates', () => {
  test.each([
    ['', ''],
    ['plain } text {', 'plain } text {'],
    ['{{.Name}}', 'debian'],
    ['{{ .Name }}:{{.IsMaster}}:{{.Empty}}.', 'debian:true:.'],
    ['{{.Time}}', '2026-11-23 17:21:52 +0000 UTC'],
    ['{{.Time.Unix}}', '1795454512'],
    ['{{(.Time).Unix}}', '1795454512'],
    ['{{.Time.Format "2006-01-02"}}', '2026-11-23'],
    ['{{"15:04" | .Time.Format}}', '17:21'],
    ['{{.Time.Format (printf "%s %s" "Jan" "2")}}', 'Nov 23'],
    ['{{"a}}b"}}{{`c"}}`}}', 'a}}bc"}}'],
    ['{{"\\t\\x41\\u00e9\\101\\"\\\\"}}', '\tAéA"\\'],
    ['{{42}} {{-7}} {{1.5}} {{true}} {{false}}', '42 -7 1.5 true false'],
    // trim markers and comments
    ['a \n {{- .Name -}} \n b', 'adebianb'],
    ['a {{/* a "comment" }} */}}b', 'a b'],
    ['a {{- /* trimmed */ -}} b', 'ab'],
    ['{{/* one */}}{{.Name}}{{/* two */}}', 'debian'],
    // conditions
    ['{{if .IsMaster}}m{{else}}s{{end}}', 'm'],
    ['{{if .IsSlave}}s{{end}}.', '.'],
    ['{{if .Empty}}a{{else if .IsSlave}}b{{else if .Name}}c{{else}}d{{end}}', 'c'],
    ['{{if .Empty}}a{{else if .IsSlave}}b{{else}}d{{end}}!', 'd!'],
    ['{{if .IsMaster}}{{if .IsSlave}}x{{else}}y{{end}}z{{end}}', 'yz'],
    ['{{if .Time}}times are true{{end}}', 'times are true'],
    ['{{if 0}}a{{else}}b{{end}}', 'b'],
    // functions
    ['{{eq .Name "debian"}} {{ne .Name "debian"}}', 'true false'],
    ['{{eq .Name "a" "b" "debian"}}', 'true'],
    ['{{"debian" | eq .Name}}', 'true'],
    ['{{eq .Time.Unix 1795454512}}', 'true'],
    ['{{and .Name .Empty "x"}}|{{and .Name "x"}}', '|x'],
    ['{{or .Empty .Name "x"}}|{{or .Empty ""}}', 'debian|'],
    ['{{not .Empty}} {{.IsMaster | not}}', 'true false'],
    ['{{if and (eq .Name "debian") (not .IsSlave)}}yes{{end}}', 'yes'],
    // the second argument would be an error, and is not computed
    ['{{if or .IsMaster (eq .Name 1)}}yes{{end}}', 'yes'],
    ['{{.Name | printf "%s-%s" "x" | printf "<%s>"}}', '<x-debian>'],
  ])('%j gives %j', (template, text) => {
    expect(fill(template)).toBe(text);
  });

  test.each([
    ['%s|%v', '"a" 7', 'a|7'],
    ['%-10s|', '.Name', 'debian    |'],
    ['%10s|', '.Name', '    debian|'],
    ['%.3s|%5.1s', '.Name .Name', 'deb|    d'],
    // a character outside the basic plane counts as one
    ['%.1s|%.2q|%4s|%-4s|', '"😀😁x" "😀😁x" "😀😁x" "😀😁x"', '😀|"😀😁"| 😀😁x|😀😁x |'],
    ['%5d|%-5d|%05d|%+d', '42 42 42 42', '   42|42   |00042|+42'],
    ['%05d|% d', '-42 42', '-0042| 42'],
    ['%q', '.Size', '"1.5G \\"big\\""'],
    ['%q', '"\\n\\x01é"', '"\\n\\x01é"'],
    ['%t %v', '.IsMaster .IsSlave', 'true false'],
    ['%x %x', '"hi" 255', '6869 ff'],
    ['%f %.1f %6.2f|', '1.25 1.26 1.5', '1.250000 1.3   1.50|'],
    ['100%%', '', '100%'],
    ['%s', '.Time', '2026-11-23 17:21:52 +0000 UTC'],
    // arguments of the wrong type, as Go shows them
    ['%d', '.Name', '%!d(string=debian)'],
    ['%s', '7', '%!s(int=7)'],
    ['%t', '7', '%!t(int=7)'],
    ['%s %s', '.Name', 'debian %!s(MISSING)'],
    ['%s', '"a" "b" true', 'a%!(EXTRA string=b, bool=true)'],
    ['50%', '', '50%!(NOVERB)'],
  ])('printf %j %s gives %j', (format, args, text) => {
    expect(fill(`{{printf ${JSON.stringify(format)} ${args}}}`)).toBe(text);
  });

  test.each([
    ['{{.Nmae}}', 'no field .Nmae; there are .Name, .Empty'],
    ['{{if .IsSlave}}{{.Nmae}}{{end}}', 'no field .Nmae'],
    ['{{.constructor}}', 'no field .constructor'],
    ['{{.Name.Foo}}', '.Name has no .Foo'],
    ['{{.Time.Year}}', '.Time.Year is not supported'],
    ['{{.Time.Unix.Foo}}', '.Time.Unix.Foo is not supported'],
    ['{{.Time.Format}}', '.Time.Format takes one layout string'],
    ['{{.Time.Format 7}}', '.Time.Format takes a layout string'],
    ['{{.Time.Unix 1}}', 'takes no arguments'],
    ['{{(.Name).Unix}}', 'is not supported for a string'],
    ['{{.}}', "'.' alone is not supported"],
    ['{{$x}}', "'$x' is not supported"],
    ['{{$x := .Name}}', "'$x' is not supported"],
    ['{{range .Name}}{{end}}', "'range' is not supported"],
    ['{{len .Name}}', "'len' is not supported"],
    ['{{with .Name}}x{{end}}', "'with' is not supported"],
    ['{{template "x"}}', "'template' is not supported"],
    ['{{.Name', "'{{.Name' is not closed by }}"],
    ['{{"abc}}', 'is not supported'],
    ['{{"\\q"}}', '\\q in "\\q" is not supported'],
    ['{{"\\U00110000"}}', 'is not supported'],
    ['{{}}', '{{}} lacks a value'],
    ['{{.Name | }}', 'lacks a value'],
    ['{{| .Name}}', 'lacks a value'],
    ['{{.Name .Size}}', '.Name in {{.Name .Size}} takes no arguments'],
    ['{{.Name | .Size}}', '.Size in {{.Name | .Size}} takes no arguments'],
    ['{{(.Name}}', "lacks a ')'"],
    ['{{.Name)}}', "has one ')' too many"],
    ['{{if .Name}}x', '{{if .Name}} has no {{end}}'],
    ['{{if .Name}}x{{else}}y', 'has no {{end}}'],
    ['{{if .Name}}x{{else}}y{{else}}z{{end}}', 'has no {{end}} after its {{else}}'],
    ['{{if .Name}}x{{else .Name}}y{{end}}', '{{else .Name}} is not supported'],
    ['{{if}}x{{end}}', 'lacks a value'],
    ['x{{end}}', '{{end}} has no {{if}}'],
    ['x{{else}}', '{{else}} has no {{if}}'],
    ['{{eq .Name}}', 'eq takes at least 2 arguments, found 1'],
    ['{{not}}', 'not takes 1 arguments, found 0'],
    ['{{eq .Name 7}}', 'a string cannot be compared with a int'],
    ['{{printf 7}}', 'printf: expected a format string, found a int'],
    ['{{printf "%z" .Name}}', 'printf does not support %z'],
  ])('%j causes an error that names the problem', (template, why) => {
    expect(() => fill(template)).toThrow(TemplateError);
    expect(() => fill(template)).toThrow(why);
  });

  test('unknown fields and constructs are reported without any data', () => {
    expect(() => compileTemplate('{{if .IsSlave}}{{range .Name}}{{end}}{{end}}', types)).toThrow("'range'");
  });
});
