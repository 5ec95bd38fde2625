/** The agent's options for this server. A token is letters and digits of the server's making and needs no quotes. */
export function agentArguments(origin: string, token: string): string {
  return `--server ${origin} --token ${token}`;
}

/** Whether a name of the server means the same machine that asks, wherever it is pasted. */
export function isOnlyLocal(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
