/** What the build tools of web apps copy into pages, by the start of a variable's name. */
const prefixes = [
  'NEXT_PUBLIC_',
  'VITE_',
  'REACT_APP_',
  'PUBLIC_',
  'EXPO_PUBLIC_',
  'GATSBY_',
  'NUXT_PUBLIC_',
  'NUXT_ENV_',
  'VUE_APP_',
  'NG_APP_',
  'STORYBOOK_',
  'REDWOOD_ENV_',
  'PARCEL_PUBLIC_',
  'RSBUILD_PUBLIC_',
  'MODERN_PUBLIC_',
  'SNOWPACK_PUBLIC_',
  'BUN_PUBLIC_',
  'RAZZLE_',
  'POI_APP_',
  'PLASMO_PUBLIC_',
  'WXT_',
] as const;

/** The start of the name by which a build tool puts the variable's value into pages; undefined when none is known. */
export function exposingPrefix(name: string): string | undefined {
  return prefixes.find((prefix) => name.toUpperCase().startsWith(prefix));
}
