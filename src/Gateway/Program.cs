using StatusMonitor.Gateway;

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (!builder.TryAddServer(args, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

var app = builder.Build();
app.UseServer();
return await app.RunServerAsync();
