/** How the agent program is there on the new machine. */
export type AgentProgram = 'installed' | 'checkout';

/** The line to paste. A token is letters and digits of the server's making and needs no quotes. */
export function agentCommand(program: AgentProgram, origin: string, token: string): string {
  const start = program === 'installed' ? 'statusmonitor-agent' : 'dotnet run --project src/Agent -c Release --';
  return `${start} --server ${origin} --token ${token}`;
}

/** Whether a name of the server means the same machine that asks, wherever it is pasted. */
export function isOnlyLocal(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
