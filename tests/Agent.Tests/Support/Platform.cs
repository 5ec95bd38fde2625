// The agent of these tests is the one for Linux.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
