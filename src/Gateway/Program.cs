using StatusMonitor.Gateway;
using StatusMonitor.Gateway.Migrate;

if (args is ["--help" or "-h", ..])
{
    Console.WriteLine(ServerOptions.Usage);
    return 0;
}

if (args is [MigrateCommand.Name, .. var rest]) return await MigrateCommand.RunAsync(rest);
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (!builder.TryAddServer(args, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

var app = builder.Build();
app.UseServer();
return await app.RunServerAsync();
