// Signals, file modes and the server's own process are tried as they are on Linux.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
