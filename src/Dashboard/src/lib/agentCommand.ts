/** Where the agent is to run, and how its program got there. */
export type AgentPlace = 'linux' | 'macos' | 'windows' | 'checkout';

const programs: Record<AgentPlace, string> = {
  linux: 'statusmonitor-agent',
  macos: 'statusmonitor-agent',
  // PowerShell and the old prompt both start it like this from the folder it is in, and from the path.
  windows: '.\\statusmonitor-agent.exe',
  checkout: 'dotnet run --project src/Agent -c Release --',
};

/** The line to paste. A token is letters, digits and underscores of the server's making and needs no quotes in any shell. */
export function agentCommand(place: AgentPlace, origin: string, token: string): string {
  return `${programs[place]} --server ${origin} --token ${token}`;
}

/** The line that makes a machine a host by itself; it takes its own name, and leaves server and token in the agent's configuration. */
export function enrolCommand(place: AgentPlace, origin: string, token: string): string {
  return `${programs[place]} enroll --server ${origin} --token ${token}`;
}

/** Whether a name of the server means the same machine that asks, wherever it is pasted. */
export function isOnlyLocal(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
