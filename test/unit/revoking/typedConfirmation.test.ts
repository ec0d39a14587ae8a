import assert from 'node:assert/strict';
import { tokenId, type RevocableToken } from '../../../src/core/model/token.ts';
import { typedConfirmation } from '../../../src/core/revoking/typedConfirmation.ts';
import { aToken } from '../../support/builders.ts';

const id = tokenId('0195f9a4-1111-4222-8333-0000003D524a');
const one: readonly RevocableToken[] = [{ ...aToken({ name: '🙂'.repeat(30) }), id }];
const three: readonly RevocableToken[] = ['a', 'b', 'c'].map((end) => ({ ...aToken(), id: tokenId(`id-${end}`) }));

describe('typedConfirmation', () => {
  it('asks for the project’s name or the end of the id, and takes either', () => {
    const { prompt, problem, accepts } = typedConfirmation('Acme', one);
    const choices = 'Type the project’s name, “Acme”, or the end of the token’s id, “3D524a”';
    assert.equal(prompt, `This project is marked as production. ${choices}.`);
    assert.equal(problem, `${choices}, or press Escape.`);
    for (const typed of ['Acme', ' Acme ', '3D524a', '3d524A ']) assert.equal(accepts(typed), true, typed);
    for (const typed of ['', ' ', 'acme', '524a', '1 tokens', '🙂'.repeat(30)])
      assert.equal(accepts(typed), false, typed);
  });

  it('takes a name in either spelling of its characters', () => {
    const { accepts } = typedConfirmation('Équipe', one);
    assert.equal(accepts('Équipe'.normalize('NFD')), true);
    assert.equal(typedConfirmation('Équipe'.normalize('NFD'), one).accepts('Équipe'.normalize('NFC')), true);
  });

  it('asks for the number of several tokens', () => {
    const { prompt, accepts } = typedConfirmation('Acme', three);
    assert.match(prompt, /Type the project’s name, “Acme”, or how many there are, “3 tokens”\.$/);
    assert.equal(accepts('3 tokens'), true);
    assert.equal(accepts('3'), false);
    assert.equal(accepts('2 tokens'), false);
  });

  it('asks for nothing that cannot be typed, and still takes it when it is pasted', () => {
    for (const name of ['Launch 🚀', 'x'.repeat(137)]) {
      const { prompt, accepts } = typedConfirmation(name, one);
      assert.doesNotMatch(prompt, /name/);
      assert.equal(accepts(name), true);
      assert.equal(accepts('3d524a'), true);
    }
  });

  it('compares with the name as it is shown', () => {
    const { prompt, accepts } = typedConfirmation('Ac\u200Bme', one);
    assert.match(prompt, /“Acme”/);
    assert.equal(accepts('Acme'), true);
  });
});
