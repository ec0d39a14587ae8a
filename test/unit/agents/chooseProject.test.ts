import assert from 'node:assert/strict';
import { chooseProject } from '../../../src/core/agents/chooseProject.ts';

const acme = { id: 'id-acme', label: 'Acme', isProduction: true };
const beta = { id: 'id-beta', label: 'Beta', isProduction: false };
const choose = (all: readonly (typeof acme)[], named?: string) => {
  const chosen = chooseProject(all, named);
  return chosen.ok ? chosen.project.id : chosen.answer;
};
const listed = {
  projects: [
    { name: 'Acme', id: 'id-acme', isProduction: true },
    { name: 'Beta', id: 'id-beta', isProduction: undefined },
  ],
};

describe('The project that a tool acts in', () => {
  it('is the only one, named or not', () => {
    assert.equal(choose([acme]), 'id-acme');
    assert.equal(choose([acme], ' Acme '), 'id-acme');
    assert.equal(choose([acme], 'id-acme'), 'id-acme');
  });

  it('has to be named among several, which the answer lists', () => {
    assert.deepEqual(choose([acme, beta]), {
      says: 'Several projects are connected. Name one of them as "project".',
      data: listed,
    });
    assert.equal(choose([acme, beta], 'Beta'), 'id-beta');
  });

  it('is never another one than was named', () => {
    for (const all of [[acme], [acme, beta]]) {
      const answer = choose(all, 'Gamma');
      assert.match(typeof answer === 'string' ? answer : answer.says, /^No project of that name is connected\./);
    }
  });

  it('is not guessed between two of one name', () => {
    const twin = { ...beta, id: 'id-twin' };
    const answer = choose([beta, twin], 'Beta');
    assert.match(typeof answer === 'string' ? answer : answer.says, /^Several projects have that name\./);
    assert.equal(choose([beta, twin], 'id-twin'), 'id-twin');
  });

  it('is none when nobody is signed in', () => {
    const answer = choose([], 'Acme');
    assert.match(typeof answer === 'string' ? answer : answer.says, /^Nobody is signed in: no project is connected\./);
  });
});
