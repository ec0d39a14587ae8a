/** A test by its file and a part of its full title. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** A change that brings back what was reported: `from` is exactly once in the file. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

interface Reported {
  /** The number of the report, from 1 on. */
  readonly line: number;
  /** What is right. */
  readonly behaviour: string;
}

/** What users report about tools like this one, and what would notice it here. */
export type UserReport =
  | (Reported & {
      readonly test: NamedTest;
      readonly change: Change;
      /** Needs a window. */
      readonly slow?: true;
    })
  /** The heading in docs/MANUAL_CHECKS.md, where only a person can see it. */
  | (Reported & { readonly manual: string });

export const reportLines = 49;

export const userReports: readonly UserReport[] = [
  {
    line: 1,
    behaviour: 'A key that secret storage will not keep is used for this session only.',
    test: { file: 'test/unit/connections/connections.test.ts', title: 'are there for this window when it' },
    change: {
      file: 'src/core/connections/connections.ts',
      from: '      this.unsaved.set(record.id, { record, replaces });\n      isUnsaved = true;',
      to: '      this.unsaved.set(record.id, { record, replaces });',
    },
  },
  {
    line: 2,
    behaviour: 'That secret storage fails is said once, in a line, not with each reading.',
    test: { file: 'test/unit/connections/connections.test.ts', title: 'stay known, and are read again when asked' },
    change: {
      file: 'src/core/connections/connections.ts',
      from: "if (this.current !== 'storageFailed')\n        this.deps.logger",
      to: 'this.deps.logger',
    },
  },
  {
    line: 3,
    behaviour: 'Forgetting the key removes its entry.',
    test: { file: 'test/unit/connections/connections.test.ts', title: 'remove one and its key' },
    change: {
      file: 'src/core/connections/vault.ts',
      from: 'if (records.length === 0) await this.secrets.delete(slot);',
      to: 'if (records.length === 0) return records;',
    },
  },
  {
    line: 4,
    behaviour: 'A key that storage has lost means that its connection is gone.',
    test: { file: 'test/unit/connections/connections.test.ts', title: 'follow another window, and keep the objects' },
    change: {
      file: 'src/core/connections/connections.ts',
      from: 'const removed = this.known.filter((connection) => !next.includes(connection));',
      to: 'const removed: Connection[] = [];',
    },
  },
  {
    line: 5,
    behaviour: 'Change events that come twice or without a change do nothing.',
    test: {
      file: 'test/unit/connections/connections.test.ts',
      title: 'say nothing of a reading that brings nothing new',
    },
    change: {
      file: 'src/core/connections/connections.ts',
      from: 'if (!isSame || isReordered) this.changeEmitter.fire();',
      to: 'this.changeEmitter.fire();',
    },
  },
  {
    line: 6,
    behaviour: 'Every window follows what another one does with the key.',
    test: { file: 'test/unit/connections/connections.test.ts', title: 'follow another window, and keep the objects' },
    change: {
      file: 'src/core/connections/connections.ts',
      from: 'stored = await this.deps.vault.readAll();',
      to: 'stored = this.stored.length > 0 ? this.stored : await this.deps.vault.readAll();',
    },
  },
  {
    line: 7,
    behaviour: 'No setting holds a key.',
    test: { file: 'test/manifest/bundle.test.ts', title: 'know the same commands, views and settings' },
    change: {
      file: 'package.json',
      from: '"magicbellTokens.clearClipboardAfterMinutes": {',
      to: '"magicbellTokens.apiKey": { "type": "string", "scope": "application" }, "magicbellTokens.clearClipboardAfterMinutes": {',
    },
  },
  {
    line: 8,
    behaviour: 'What a failed request threw is not logged: only its code is.',
    test: {
      file: 'test/unit/magicbell/networkError.test.ts',
      title: 'keeps nothing of the text, the address, or the error itself',
    },
    change: {
      file: 'src/core/magicbell/networkError.ts',
      from: "`${label}: ${code ?? 'failed without a code'}`",
      to: '`${label}: ${message}`',
    },
  },
  {
    line: 9,
    behaviour: 'Secrets are taken out of the log by their shape too.',
    test: { file: 'test/unit/base/redaction.test.ts', title: 'takes out what has the shape of a secret' },
    change: { file: 'src/core/base/redaction.ts', from: 'return redactPatterns(redacted);', to: 'return redacted;' },
  },
  {
    line: 10,
    behaviour: 'No value is in the log at any level.',
    test: {
      file: 'test/unit/issuance/issuanceService.test.ts',
      title: 'writes no value to the journal, the log or an error',
    },
    change: {
      file: 'src/core/issuance/creations.ts',
      from: 'is in memory only (${wordsOf(error)})',
      to: 'is in memory only (${issued.value.reveal()})',
    },
  },
  {
    line: 11,
    behaviour: 'The key is masked while it is typed.',
    test: { file: 'test/ui/connect.test.ts', title: 'names what was pasted instead of a key, keeps the box open' },
    change: { file: 'src/vscode/ui/quickInput.ts', from: 'input.password = step.password ?? false;', to: '' },
    slow: true,
  },
  {
    line: 12,
    behaviour: 'Space and line breaks around a pasted key are dropped.',
    test: { file: 'test/unit/connections/apiKey.test.ts', title: 'takes a key' },
    change: {
      file: 'src/core/connections/apiKey.ts',
      from: "const unwrapped = unwrapSecret(text, 'token');",
      to: 'const unwrapped = text;',
    },
  },
  {
    line: 13,
    behaviour: 'A key is checked with a real call of the client that is used later.',
    test: { file: 'test/unit/magicbell/verifyKey.test.ts', title: '' },
    change: {
      file: 'src/core/magicbell/verifyKey.ts',
      from: 'if (tokens !== undefined && tokens.isBare !== true) return',
      to: 'if (true as boolean) return',
    },
  },
  {
    line: 14,
    behaviour: 'What happened to a value is said plainly: that it is copied only when it is.',
    test: { file: 'test/unit/issuance/deliveryMessage.test.ts', title: 'says plainly what happened when the copy is' },
    change: {
      file: 'src/core/issuance/deliveryMessage.ts',
      from: '“${name}” could not be copied. It is kept until you copy it.',
      to: '“${name}” is ready. Copy it now: it cannot be shown again.',
    },
  },
  {
    line: 15,
    behaviour: 'A copy counts only when it was read back.',
    test: { file: 'test/unit/delivery/clipboard.test.ts', title: 'when the clipboard is' },
    change: {
      file: 'src/core/delivery/clipboard.ts',
      from: "if (after === text.reveal()) return 'confirmed';",
      to: "return 'confirmed';",
    },
  },
  {
    line: 16,
    behaviour: 'A value is kept until its delivery is confirmed.',
    test: { file: 'test/unit/issuance/issuanceService.test.ts', title: 'keeps the value when the clipboard is' },
    change: {
      file: 'src/core/issuance/issuanceService.ts',
      from: "if (outcome === 'confirmed' && isLastDelivery(",
      to: 'if (isLastDelivery(',
    },
  },
  {
    line: 17,
    behaviour: 'A clipboard that silently does nothing is a failure.',
    test: { file: 'test/unit/delivery/clipboard.test.ts', title: 'is failed when an empty clipboard stays empty' },
    change: {
      file: 'src/core/delivery/clipboard.ts',
      from: "return after === before ? 'failed' : 'replaced';",
      to: "return 'replaced';",
    },
  },
  {
    line: 18,
    behaviour: 'The clipboard is VS Code’s, never that of a helper program.',
    test: { file: 'test/manifest/bundle.test.ts', title: 'starts programs only to deliver' },
    change: {
      file: 'src/app.ts',
      from: 'const clipboard = doubles.clipboard ?? vscode.env.clipboard;',
      to: "const clipboard = doubles.clipboard ?? { readText: async () => (await import('node:child_process')).execFileSync('xclip', ['-o']).toString(), writeText: async (input: string) => void (await import('node:child_process')).execFileSync('xclip', { input }) };",
    },
  },
  {
    line: 19,
    behaviour: 'The clearing of the clipboard that was promised still happens after a sleep.',
    test: { file: 'test/unit/delivery/clipboardToken.test.ts', title: 'clears as promised after a sleep' },
    change: {
      file: 'src/core/delivery/clipboardToken.ts',
      from: 'wallClock.at(due, () => void this.clearCopied())',
      to: 'clock.after(minutes * 60_000, () => void this.clearCopied())',
    },
  },
  {
    line: 20,
    behaviour: 'The clipboard is cleared only for who asked for it.',
    test: { file: 'test/manifest/bundle.test.ts', title: 'leave the clipboard alone unless somebody asks' },
    change: { file: 'package.json', from: '"default": 0,', to: '"default": 5,' },
  },
  {
    line: 21,
    behaviour: 'Each kind of failure has a message of its own.',
    test: { file: 'test/unit/describeError.test.ts', title: 'has a text of its own for each reason' },
    change: {
      file: 'src/core/describeError.ts',
      from: '`${server} did not answer in time.`',
      to: '`No connection to ${server} could be made. Are you online?`',
    },
  },
  {
    line: 22,
    behaviour: 'A refused key is never tried again by itself.',
    test: { file: 'test/unit/magicbell/retry.test.ts', title: 'does not repeat after unauthorized' },
    change: {
      file: 'src/core/magicbell/retry.ts',
      from: "case 'rateLimited':",
      to: "case 'rateLimited': case 'unauthorized':",
    },
  },
  {
    line: 23,
    behaviour: 'A refusal of the server is a sentence, not its JSON.',
    test: { file: 'test/unit/describeError.test.ts', title: 'says what invalidInput' },
    change: {
      file: 'src/core/describeError.ts',
      from: "withServerMessages('MagicBell did not accept the input', details.serverMessages)",
      to: 'JSON.stringify(details)',
    },
  },
  {
    line: 24,
    behaviour: 'Requests go where VS Code’s proxy settings apply.',
    test: { file: 'test/unit/http.test.ts', title: 'without an agent of its own' },
    change: {
      file: 'src/http.ts',
      from: 'export const fetch: FetchLike = nodeFetch;',
      to: 'export const fetch: FetchLike = (url, init) => nodeFetch(url, { ...init, agent: {} as never });',
    },
  },
  {
    line: 25,
    behaviour: 'A certificate that is not known is named, with the way to make it known.',
    test: { file: 'test/unit/describeError.test.ts', title: 'says what tls' },
    change: { file: 'src/core/describeError.ts', from: 'NODE_EXTRA_CA_CERTS.', to: 'NODE_TLS_REJECT_UNAUTHORIZED=0.' },
  },
  {
    line: 26,
    behaviour: 'A slash at the end of the base URL makes no difference.',
    test: { file: 'test/unit/magicbell/baseUrl.test.ts', title: 'parseBaseUrl reads' },
    change: {
      file: 'src/core/magicbell/baseUrl.ts',
      from: ".replace(/\\/{2,}/g, '/').replace(/\\/$/, '')",
      to: ".replace(/\\/{2,}/g, '/')",
    },
  },
  {
    line: 27,
    behaviour: 'Nothing is repeated before Retry-After.',
    test: { file: 'test/unit/magicbell/retry.test.ts', title: 'never comes back before Retry-After' },
    change: {
      file: 'src/core/magicbell/retry.ts',
      from: '(failed.error.details.retryAfterMs ?? 0) + random() * ceiling',
      to: 'random() * ceiling',
    },
  },
  {
    line: 28,
    behaviour: 'A load that nobody asked for and that fails is told in the view, and pops up nothing.',
    test: {
      file: 'test/ui/browseFailures.test.ts',
      title: 'does not pop up anything for a network that is gone when nobody asked',
    },
    change: {
      file: 'src/vscode/tree/tokenTreeProvider.ts',
      from: '    await this.firstPages.load(section.list);\n',
      to: '    await this.firstPages.load(section.list);\n    if (section.list.error !== undefined) void vscode.window.showErrorMessage(section.list.error.message);\n',
    },
    slow: true,
  },
  {
    line: 29,
    behaviour: 'A list goes on after its first page.',
    test: { file: 'test/unit/tokens/pagedList.test.ts', title: 'loads more to the end' },
    change: {
      file: 'src/core/magicbell/pages.ts',
      from: 'this.nextPage = this.cut === undefined ? page.next : undefined;',
      to: 'this.nextPage = undefined;',
    },
  },
  {
    line: 30,
    behaviour: 'All can be loaded at once, with a way to cancel it.',
    test: { file: 'test/ui/browse.test.ts', title: 'loads all with progress, and stops when it is cancelled' },
    change: {
      file: 'src/vscode/browse/loadTokens.ts',
      from: "title: 'Loading all', cancellable: true",
      to: "title: 'Loading all', cancellable: false",
    },
    slow: true,
  },
  {
    line: 31,
    behaviour: 'What was created or revoked here shows in the list at once.',
    test: {
      file: 'test/unit/tokens/tokenStore.test.ts',
      title: 'tells the views at once of what was created and revoked here',
    },
    change: {
      file: 'src/core/tokens/pagedList.ts',
      from: 'this.loaded.upsert(item);\n    this.changeEmitter.fire();',
      to: 'this.loaded.upsert(item);',
    },
  },
  {
    line: 32,
    behaviour: 'A search finds tokens by any part of their name.',
    test: { file: 'test/unit/tokens/findTokens.test.ts', title: 'findTokens finds' },
    change: { file: 'src/core/tokens/findTokens.ts', from: 'text.includes(word)', to: 'text === word' },
  },
  {
    line: 33,
    behaviour: 'An answer to an older question is dropped.',
    test: { file: 'test/unit/tokens/userSearch.test.ts', title: 'drops an answer to an older question' },
    change: { file: 'src/core/tokens/userSearch.ts', from: 'if (aborter.signal.aborted) return;', to: '' },
  },
  {
    line: 34,
    behaviour: 'Every command works from the palette, where it gets no argument.',
    test: { file: 'test/ui/palette.test.ts', title: 'does something visible in an empty project' },
    change: {
      file: 'src/vscode/details/showTokenDetails.ts',
      from: 'const picked = await pickToken(services, connection, { title, withUsers: false });',
      to: 'const picked = undefined as { type: string; found: { token: never; user: never } } | undefined;',
    },
    slow: true,
  },
  {
    line: 35,
    behaviour: 'The Delete key is for the row in focus, and the question names it.',
    test: { file: 'test/ui/revokeTokens.test.ts', title: 'acts by the Delete key on the row in focus' },
    change: {
      file: 'src/vscode/subjects.ts',
      from: 'const clicked = rowOf(isByKey ? (first as unknown[])[0] : first);',
      to: 'const clicked = rowOf(isByKey ? undefined : first);',
    },
    slow: true,
  },
  {
    line: 36,
    behaviour: 'Revoking several rows revokes all of them.',
    test: { file: 'test/ui/revokeTokens.test.ts', title: 'acts on the selection when the clicked row is part of it' },
    change: {
      file: 'src/vscode/subjects.ts',
      from: 'return selected.includes(clicked) ? [clicked, ...selected.filter((row) => row !== clicked)] : [clicked];',
      to: 'return [clicked];',
    },
    slow: true,
  },
  {
    line: 37,
    behaviour: 'No row has an icon that revokes.',
    test: { file: 'test/manifest/uxGuidelines.test.ts', title: 'on rows only what is safe' },
    change: { file: 'package.json', from: '"group": "9_revoke@1"', to: '"group": "inline@1"' },
  },
  {
    line: 38,
    behaviour: 'Revoking asks first.',
    test: { file: 'test/ui/revokeTokens.test.ts', title: 'revokes one token by right-click' },
    change: {
      file: 'src/vscode/revoke/revokeTokens.ts',
      from: '  if (!(await confirmRevoking(services, connection, tokens, words))) return false;',
      to: '  void words;',
    },
    slow: true,
  },
  {
    line: 39,
    behaviour: 'The old token is due only after the new one was delivered.',
    test: {
      file: 'test/unit/reminders/rotations.test.ts',
      title: 'waits for the delivery of the new token before the grace period begins',
    },
    change: {
      file: 'src/core/reminders/rotations.ts',
      from: "if (issuance?.phase === 'delivered' && rotation.graceMs !== undefined) {",
      to: 'if (issuance !== undefined && rotation.graceMs !== undefined) {',
    },
  },
  {
    line: 40,
    behaviour: 'Both tokens live until the time for the roll-out has passed.',
    test: { file: 'test/unit/reminders/rotation.test.ts', title: 'rotation is waiting when' },
    change: {
      file: 'src/core/reminders/rotation.ts',
      from: "return rotation.revokeAt <= now ? 'due' : 'waiting';",
      to: "return 'due';",
    },
  },
  {
    line: 41,
    behaviour: 'Where one pastes something the input stays open while one is in the browser, and only there.',
    test: { file: 'test/manifest/uxGuidelines.test.ts', title: 'keep its box open while somebody copies it' },
    change: {
      file: 'src/vscode/issue/createToken.ts',
      from: "placeholder: 'CI deploy',",
      to: "placeholder: 'CI deploy', ignoreFocusOut: true,",
    },
  },
  {
    line: 42,
    behaviour: 'A time is shown with its zone.',
    test: { file: 'test/unit/tokens/expiry.test.ts', title: 'name the zone, always' },
    change: { file: 'src/core/base/timeText.ts', from: "timeZoneName: 'short',", to: '' },
  },
  {
    line: 43,
    behaviour: 'Text of the server is nothing that markdown reads.',
    test: { file: 'test/unit/base/displayText.test.ts', title: 'leaves no sign for markdown to read' },
    change: {
      file: 'src/core/base/displayText.ts',
      from: "return surface === 'markdown' ? escapedMarkdown(shown) : shown;",
      to: 'return shown;',
    },
  },
  {
    line: 44,
    behaviour: 'A screen reader hears the name first.',
    test: { file: 'test/unit/tokens/tokenPresentation.test.ts', title: 'tells of a token' },
    change: {
      file: 'src/core/tokens/tokenPresentation.ts',
      from: 'this.accessibleLabel = `${name}, ${kind}, ${this.expiry}`;',
      to: 'this.accessibleLabel = `${this.expiry}, ${kind}, ${name}`;',
    },
  },
  {
    line: 45,
    behaviour: 'The extension runs on the user’s side where it can.',
    test: { file: 'test/manifest/bundle.test.ts', title: 'run on the user’s side where they can' },
    change: { file: 'package.json', from: '"extensionKind": [\n    "ui",', to: '"extensionKind": [' },
  },
  {
    line: 46,
    behaviour: 'The start of VS Code waits for nothing.',
    test: { file: 'test/manifest/uxGuidelines.test.ts', title: 'do not slow down the start' },
    change: { file: 'package.json', from: '"onStartupFinished"', to: '"*"' },
  },
  {
    line: 47,
    behaviour: 'A key is used for no other base URL than the one it was entered for.',
    test: { file: 'test/unit/connections/connections.test.ts', title: 'each use their own key at their own address' },
    change: {
      file: 'src/core/connections/connection.ts',
      from: 'await this.deps.createApi(this.record)',
      to: "await this.deps.createApi({ ...this.record, baseUrl: 'https://api.magicbell.com/v2' as BaseUrl })",
    },
  },
  {
    line: 48,
    behaviour: 'A .env file is offered at creation, and refused where the value would be committed.',
    test: { file: 'test/ui/dotenv.test.ts', title: 'refuses a tracked file, also when a pattern ignores it' },
    change: {
      file: 'src/vscode/deliver/dotenvTarget.ts',
      from: 'return (await mayGitSee(target, site, file)) ? file : undefined;',
      to: 'return file;',
    },
    slow: true,
  },
  {
    line: 49,
    behaviour: 'Several connections are kept.',
    test: { file: 'test/unit/connections/vault.test.ts', title: 'keeps several in their order' },
    change: {
      file: 'src/core/connections/vault.ts',
      from: 'return this.write(isKnown ? records.map((each) => (each.id === record.id ? record : each)) : [...records, record]);',
      to: 'return this.write([record]);',
    },
  },
];
