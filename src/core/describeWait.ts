import type { TimeFormat } from './base/timeText.ts';
import type { WaitReason } from './magicbell/magicBellApi.ts';

/** What a call waits for, for the progress of what it belongs to: "waiting until 14:03:20, because …". */
export function describeWait(until: Date, reason: WaitReason, { locale, timeZone }: TimeFormat = {}): string {
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(until);
  switch (reason) {
    case 'serverBusy':
      return `waiting until ${time}, because MagicBell asks for a pause`;
    case 'budget':
      return `waiting until ${time}, because this minute’s requests are used up`;
    case 'retry':
      return `waiting until ${time} to try again`;
  }
}
