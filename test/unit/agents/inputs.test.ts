import assert from 'node:assert/strict';
import { type ToolName, readInput } from '../../../src/core/agents/inputs.ts';
import { plantedValue } from '../../support/hostileNames.ts';

function problemOf(tool: ToolName, given: unknown): string {
  const read = readInput(tool, given);
  return read.ok ? '' : read.problem;
}

describe('The input of a tool', () => {
  it('may be empty, and gets its defaults', () => {
    for (const given of [undefined, null, {}]) {
      const read = readInput('list', given);
      assert.deepEqual(read.ok && read.input, { kind: 'project', filter: 'all', page: 1 });
    }
  });

  it('is refused with the name of what is wrong', () => {
    assert.equal(problemOf('list', { page: 0 }), 'The input "page" must be at least 1.');
    assert.equal(problemOf('list', { page: '1' }), 'The input "page" must be a number.');
    assert.equal(problemOf('list', { page: 1.5 }), 'The input "page" must be a whole number.');
    assert.equal(problemOf('list', { kind: 'all' }), 'The input "kind" must be "project" or "user".');
    assert.equal(problemOf('list', { text: '  ' }), 'The input "text" must not be empty.');
    assert.equal(problemOf('list', { text: 'x'.repeat(256) }), 'The input "text" must have at most 255 characters.');
    assert.equal(
      problemOf('check', { id: 'all of them' }),
      'The input "id" must be the id of a token, as the list has it.',
    );
  });

  it('is refused when it is no object, or has more than it may', () => {
    const only = 'The input is an object with nothing but: project, withinDays.';
    for (const given of ['text', 7, { [plantedValue]: 1 }, { values: true }])
      assert.equal(problemOf('expiring', given), only);
  });

  it('is refused where it is a token or a key, without quoting it', () => {
    for (const given of [plantedValue, ` ${plantedValue}`, 'Bearer abcdef0123456789', 'sk_live_0123456789'])
      for (const [tool, name] of [
        ['list', 'project'],
        ['list', 'user'],
        ['list', 'text'],
        ['check', 'id'],
        ['check', 'file'],
      ] as const) {
        const problem = problemOf(tool, { [name]: given });
        assert.equal(problem, `The input "${name}" looks like a token or a key. Tools neither take nor give values.`);
      }
  });
});
