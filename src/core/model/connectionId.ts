declare const connectionIdBrand: unique symbol;

/** Names a connection: one MagicBell project with its address and key. Made here, random, the same as long as it lives. */
export type ConnectionId = string & { readonly [connectionIdBrand]: true };

export const connectionId = (id: string): ConnectionId => id as ConnectionId;
