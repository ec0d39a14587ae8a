/** The build tools of web apps copy variables with these prefixes into pages. */
const prefixes = [
  'NEXT_PUBLIC_ VITE_ REACT_APP_ PUBLIC_ EXPO_PUBLIC_ GATSBY_ NUXT_PUBLIC_ NUXT_ENV_ VUE_APP_ NG_APP_ STORYBOOK_',
  'REDWOOD_ENV_ PARCEL_PUBLIC_ RSBUILD_PUBLIC_ MODERN_PUBLIC_ SNOWPACK_PUBLIC_ BUN_PUBLIC_ RAZZLE_ POI_APP_',
  'PLASMO_PUBLIC_ WXT_ MIX_ NX_PUBLIC_ PREACT_APP_ SANITY_STUDIO_ BLITZ_PUBLIC_',
].flatMap((line) => line.split(' '));

/** The prefix that makes a build tool copy the variable's value into pages; undefined when it has none of them. */
export function exposingPrefix(name: string): string | undefined {
  return prefixes.find((prefix) => name.toUpperCase().startsWith(prefix));
}
