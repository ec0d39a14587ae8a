import assert from 'node:assert/strict';
import { exposingPrefix } from '../../../src/core/delivery/exposedNames.ts';

describe('exposingPrefix', () => {
  const exposed = [
    'NEXT_PUBLIC_ VITE_ REACT_APP_ PUBLIC_ EXPO_PUBLIC_ GATSBY_ NUXT_PUBLIC_ VUE_APP_ NG_APP_ STORYBOOK_ PARCEL_PUBLIC_',
    'MIX_ NX_PUBLIC_ PREACT_APP_ SANITY_STUDIO_ BLITZ_PUBLIC_',
  ];
  for (const prefix of exposed.flatMap((line) => line.split(' '))) {
    it(`knows ${prefix}…`, () => assert.equal(exposingPrefix(`${prefix}MAGICBELL_TOKEN`), prefix));
  }

  it('knows no other, whatever a name holds further on', () => {
    for (const name of ['MAGICBELL_PROJECT_TOKEN', 'MY_VITE_TOKEN', 'REPUBLIC_TOKEN', 'NEXT_TOKEN', 'NX_TOKEN'])
      assert.equal(exposingPrefix(name), undefined);
    assert.equal(exposingPrefix('vite_token'), 'VITE_');
  });
});
