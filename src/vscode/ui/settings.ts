import * as vscode from 'vscode';
import { type BaseUrl, parseBaseUrl } from '../../core/magicbell/baseUrl.ts';
import type { ExpiryPresetId } from '../../core/tokens/expiry.ts';
import { settingIds } from './ids.ts';

export const defaultBaseUrl = 'https://api.magicbell.com/v2';
const shortestClearMinutes = 30;
const agentsModes = ['off', 'read', 'change'] as const;
const expiryPresetIds: readonly ExpiryPresetId[] = ['1h', '1d', '7d', '30d', '90d', '1y', 'never'];

/**
 * A setting of the user, never of a workspace: a repository must not decide where a key goes. VS Code respects the
 * scope in package.json as well; this is a second safeguard.
 */
function userSetting(id: string): unknown {
  const [section = '', name = ''] = id.split('.');
  // Of this section only: VS Code copies what it is asked for.
  const found = vscode.workspace.getConfiguration(section).inspect(name);
  return found?.globalValue ?? found?.defaultValue;
}

export class Settings {
  /** Normalised; undefined when the configured text is not a valid base URL. */
  get baseUrl(): BaseUrl | undefined {
    const parsed = parseBaseUrl(this.baseUrlText);
    return parsed.ok ? parsed.baseUrl : undefined;
  }

  get baseUrlText(): string {
    const text = userSetting(settingIds.apiBaseUrl);
    return typeof text === 'string' && text.trim() !== '' ? text : defaultBaseUrl;
  }

  get defaultExpiry(): ExpiryPresetId {
    const id = userSetting(settingIds.defaultExpiry);
    return expiryPresetIds.find((preset) => preset === id) ?? '90d';
  }

  get pageSize(): number {
    const size = userSetting(settingIds.pageSize);
    return typeof size === 'number' && size >= 1 ? Math.min(100, Math.floor(size)) : 100;
  }

  /** The share of a minute's reads for audits, in (0, 1). */
  get auditShare(): number {
    const percent = userSetting(settingIds.auditShare);
    return typeof percent === 'number' && Number.isFinite(percent) ? Math.min(75, Math.max(5, percent)) / 100 : 0.5;
  }

  /** Days before an expiry at which it is announced. */
  get expiryReminderDays(): readonly number[] {
    const days = userSetting(settingIds.expiryReminderDays);
    return Array.isArray(days)
      ? days.filter((entry): entry is number => typeof entry === 'number' && entry > 0)
      : [7, 1];
  }

  /** Whether one window checks the tokens of each connection once a day. */
  get dailyCheck(): boolean {
    return userSetting(settingIds.dailyCheck) !== false;
  }

  /** How many days before its expiry a token counts as expiring. */
  get soonDays(): number {
    return Math.max(0, ...this.expiryReminderDays);
  }

  /** What agents may do: nothing, read, or also request changes. */
  get agents(): (typeof agentsModes)[number] {
    const mode = userSetting(settingIds.agents);
    return agentsModes.find((each) => each === mode) ?? 'read';
  }

  /** 0: never. Else at least 30: the only copy of a value may be on the clipboard. */
  get clearClipboardAfterMinutes(): number {
    const minutes = userSetting(settingIds.clearClipboardAfterMinutes);
    return typeof minutes === 'number' && minutes > 0 ? Math.max(shortestClearMinutes, minutes) : 0;
  }

  /** The user's own commands that receive a value; see `parseOwnTemplates`. */
  get commandTemplates(): unknown {
    return userSetting(settingIds.commandTemplates);
  }
}
