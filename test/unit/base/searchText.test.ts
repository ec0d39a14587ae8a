import assert from 'node:assert/strict';
import { isSameName, searchText } from '../../../src/core/base/searchText.ts';

const composed = 'Équipe intégration';
const decomposed = composed.normalize('NFD');

describe('searchText', () => {
  it('is the same for both spellings of a character, for capitals, and for full-width signs', () => {
    assert.notEqual(composed, decomposed);
    assert.equal(searchText(decomposed), searchText(composed));
    assert.equal(searchText('CI DEPLOY'), searchText('ci deploy'));
    assert.equal(searchText('ＣＩ'), searchText('ci'));
  });

  it('keeps accents, which tell words apart', () => assert.notEqual(searchText('resume'), searchText('résumé')));
});

describe('isSameName', () => {
  it('takes either spelling, and spaces around it', () => {
    assert.equal(isSameName(` ${decomposed} `, composed), true);
    assert.equal(isSameName(composed, decomposed), true);
  });

  it('takes no other capitals and no other accents', () => {
    assert.equal(isSameName('acme', 'Acme'), false);
    assert.equal(isSameName('Equipe intégration', composed), false);
  });
});
