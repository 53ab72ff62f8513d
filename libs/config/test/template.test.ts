import { describe, expect, test } from '@jest/globals';
import { expandTemplate } from '../src/index.js';
import { globalTable, mirror } from './support.js';

const fields = { Name: 'debian', Role: '', Upstream: 'rsync://a&b/<c>/' };

describe('expandTemplate', () => {
  test.each([
    ['/log/{{.Name}}', '/log/debian'],
    ['/log/{{ .Name }}/{{.Role}}/x', '/log/debian//x'],
    ['{{.Name}}{{.Name}}', 'debiandebian'],
    ['/log/ {{- .Name -}} /x', '/log/debian/x'],
    ['plain } } {', 'plain } } {'],
    ['{{.Upstream}}', 'rsync://a&b/<c>/'],
    ['', ''],
  ])('%j', (template, result) => {
    expect(expandTemplate(template, fields)).toBe(result);
  });

  test.each([
    ['{{.Nope}}', 'no field {{.Nope}}; there are Name, Role, Upstream'],
    ['{{.constructor}}', 'no field {{.constructor}}; there are Name, Role, Upstream'],
    ['{{if .Role}}x{{end}}', '{{if .Role}} is not supported, only fields such as {{.Name}}'],
    ['{{.Env.A}}', '{{.Env.A}} is not supported, only fields such as {{.Name}}'],
    ['{{}}', '{{}} is not supported, only fields such as {{.Name}}'],
    ['/log/{{.Name', 'a {{ is not closed'],
  ])('%j is refused', (template, why) => {
    expect(() => expandTemplate(template, fields)).toThrow(
      expect.objectContaining({
        code: 'TEMPLATE_INVALID',
        message: `the template cannot be filled in: ${why}`,
      }),
    );
  });
});

describe('log_dir', () => {
  const logDir = async (template: string, more = ''): Promise<string> => {
    const text = globalTable.replace('/log/{{.Name}}', template);
    return (await mirror(`${text}[[mirrors]]\nname = "m"\nupstream = "/u/"\n${more}`)).logDir;
  };

  test('defect 27: nothing is escaped', async () => {
    const text = `${globalTable}[[mirrors]]\nname = "c++"\nupstream = "rsync://u/?a=1&b=<2>/"\n`;
    expect((await mirror(text)).logDir).toBe('/log/c++');
    expect((await mirror(`${text}log_dir = "{{.Upstream}}"\n`)).logDir).toBe('rsync://u/?a=1&b=<2>/');
  });

  test('the fields of the mirror', async () => {
    const all =
      '{{.Name}},{{.Provider}},{{.Upstream}},{{.Interval}},{{.Retry}},{{.Timeout}},{{.MirrorDir}},{{.MirrorSubDir}},{{.LogDir}},{{.Role}},{{.Command}},{{.UseIPv4}},{{.UseIPv6}},{{.RsyncNoTimeo}},{{.RsyncTimeout}},{{.FailOnMatch}},{{.SizePattern}},{{.ExcludeFile}},{{.Username}},{{.Stage1Profile}},{{.DockerImage}},{{.SnapshotPath}}';
    expect(await logDir(all)).toBe('m,rsync,/u/,60,2,0,,,,,,false,false,false,0,,,,,,,');
    expect(
      await logDir(
        all,
        [
          'interval = 1',
          'retry = 2',
          'timeout = 3',
          'mirror_dir = "/d"',
          'mirror_subdir = "s"',
          'role = "slave"',
          'command = "c"',
          'use_ipv4 = true',
          'use_ipv6 = true',
          'rsync_no_timeout = true',
          'rsync_timeout = 9',
          'fail_on_match = "f"',
          'size_pattern = "(s)"',
          'exclude_file = "/e"',
          'username = "u"',
          'stage1_profile = "debian"',
          'docker_image = "i"',
          'snapshot_path = "/p"',
        ].join('\n'),
      ),
    ).toBe('m,rsync,/u/,1,2,3,/d,s,,slave,c,true,true,true,9,f,(s),/e,u,debian,i,/p');
  });

  test("a mirror's own template, inherited too", async () => {
    const text = `${globalTable}[[mirrors]]\nupstream = "/u/"\nlog_dir = "/own/{{.Role}}/{{.Name}}"\nrole = "slave"\n[[mirrors.mirrors]]\nname = "m"\n`;
    expect((await mirror(text)).logDir).toBe('/own/slave/m');
  });
});
