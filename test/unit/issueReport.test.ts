import assert from 'node:assert/strict';
import { type IssueFacts, issueReport } from '../../src/core/issueReport.ts';

const facts: IssueFacts = {
  extensionVersion: '0.1.0',
  vscodeVersion: '1.100.3',
  application: 'Visual Studio Code, desktop',
  system: 'linux x64, Node 20.19.0',
  remote: undefined,
  connection: 'signed in to another host',
  log: [],
  homeFolder: '/home/hana',
  issuesUrl: undefined,
};

describe('issueReport', () => {
  it('says which versions, which system, and where', () => {
    const report = issueReport({ ...facts, remote: 'ssh-remote' });
    for (const text of ['MagicBell Tokens 0.1.0', '1.100.3 (Visual Studio Code, desktop)', 'linux x64', 'ssh-remote'])
      assert.ok(report.includes(text), text);
    assert.match(issueReport(facts), /^Remote: none$/m);
  });

  it('asks what happened, and to be read before it is posted', () => {
    const report = issueReport(facts);
    assert.match(
      report,
      /^MagicBell Tokens: issue report\nComplete it and send it to the publisher, .*\n\nWhat happened, .*\?\n\n\nHow can it .*\?\n\n\nExtension: /,
    );
    assert.match(
      report,
      /^Connections: signed in to another host\n\nThe last lines .* are removed\.\nPlease read .*\.\n\n/m,
    );
  });

  it('leaves paths as they are for who is at home everywhere', () =>
    assert.match(issueReport({ ...facts, homeFolder: '/', log: ['at /x/y.js'] }), /^at \/x\/y\.js$/m));

  it('leaves persons out of the log', () => {
    const report = issueReport({
      ...facts,
      log: ['warn hana.sato+x@mail.example.co.uk failed', 'error at /home/hana/.vscode/extensions/x.js:1:2'],
    });
    assert.doesNotMatch(report, /hana/);
    assert.match(report, /^warn <email> failed$/m);
    assert.match(report, /^error at ~\/\.vscode\/extensions\/x\.js:1:2$/m);
  });

  it('names the last requests by MagicBell’s own ids', () => {
    const line = (id: string): string => `info GET /users: 200 in 5 ms, request id ${id} (attempt 1)`;
    const ids = [1, 2, 3, 4, 5, 6].map((number) => `abcdefg-${number}`);
    assert.match(
      issueReport({ ...facts, log: ids.map(line) }),
      /^MagicBell’s ids of the last requests: abcdefg-2, abcdefg-3, abcdefg-4, abcdefg-5, abcdefg-6$/m,
    );
    assert.doesNotMatch(issueReport({ ...facts, log: ['info nothing'] }), /ids of the last/);
  });

  const paths: readonly [string, string, string][] = [
    ['C:\\Users\\Hana', 'at f (C:\\Users\\Hana\\.vscode\\x.js:1:2)', 'at f (~\\.vscode\\x.js:1:2)'],
    ['C:\\Users\\Hana', 'at c:\\users\\hana\\x.js', 'at ~\\x.js'],
    ['C:\\Users\\Hana', 'ENOENT "C:\\\\Users\\\\Hana\\\\x.js"', 'ENOENT "~\\\\x.js"'],
    ['C:\\Users\\Hana', 'at file:///C:/Users/Hana/x.js', 'at file:///~/x.js'],
    ['C:\\Users\\Hana', 'at file:///c%3A/Users/Hana/x.js', 'at file:///~/x.js'],
    ['C:\\Users\\Hana Sato', 'at file:///C:/Users/Hana%20Sato/x.js', 'at file:///~/x.js'],
    ['/home/hana', 'at file:///home/hana/x.js:1', 'at file://~/x.js:1'],
    ['/home/hana', 'at /Users/hana/x.js', 'at ~/x.js'],
    ['/root', 'at file:///home/hana/x.js', 'at file://~/x.js'],
    ['D:\\Hana', 'ENOENT "D:\\\\Hana\\\\x.js"', 'ENOENT "~\\\\x.js"'],
    ['D:\\Hana', 'at d:/hana/x.js', 'at ~/x.js'],
    ['D:\\Hana Sato', 'at file:///D:/Hana%20Sato/x.js', 'at file:///~/x.js'],
    ['/root', 'at C:\\Users\\Hana\\x.js', 'at ~\\x.js'],
    ['/root', 'ENOENT "C:\\\\Users\\\\Hana\\\\x.js"', 'ENOENT "~\\\\x.js"'],
    ['/root', 'at file%3A///C%3A%5CUsers%5CHana/x.js', 'at file%3A///~/x.js'],
    ['/home/hana', 'GET /users: 200', 'GET /users: 200'],
    ['/home/hana', 'GET /jwt/user/{user_id}: 200', 'GET /jwt/user/{user_id}: 200'],
  ];
  for (const [homeFolder, line, expected] of paths) {
    it(`writes ${line} as ${expected}`, () =>
      assert.equal(
        issueReport({ ...facts, homeFolder, log: [line] })
          .trimEnd()
          .split('\n')
          .at(-1),
        expected,
      ));
  }

  it('says where to send it', () => {
    assert.match(
      issueReport({ ...facts, issuesUrl: 'https://example.com/issues' }),
      /post it at https:\/\/example\.com\/issues$/m,
    );
    assert.match(issueReport(facts), /^Complete it and send it to the publisher/m);
  });

  it('takes its time for no line', () => {
    const line = `${'a.'.repeat(100_000)}@${'b-'.repeat(100_000)}`;
    const started = process.cpuUsage();
    issueReport({ ...facts, log: [line] });
    assert.ok(process.cpuUsage(started).user < 5_000_000, 'it took too long');
  });

  it('has a log when nothing was logged', () => {
    assert.match(issueReport(facts), /\(nothing was logged\)/);
  });
});
