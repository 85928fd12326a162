using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Gateway.Settings;
using Verb.Server;
using Verb.Server.Feeds;

if (CommandLine.Answer(args) is { } exitCode)
    return exitCode;

using var secondSignal = new SecondSignal();
try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = ContentRoot.Find(args) });
    builder.ListenWhereConfigured();
    builder.TakeForwardedPrefix();
    var options = VerbSettings.Read(builder.Configuration);
    builder.Services.AddVerb(options);
    if (options.Feed.Demo ?? builder.Environment.IsDevelopment())
        builder.Services.AddHostedService<DemoFeed>();

    await using var app = builder.Build();
    app.UseDemoPage(options.Demo);
    app.MapVerb();
    app.MapVerbApi();
    app.Lifetime.ApplicationStarted.Register(() => Greeting.Print(app, options));
    await app.StartAsync();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is VerbSettingsException or StorageException or ClusterRefusedException || Listening.IsMistake(e))
{
    Console.Error.WriteLine(e.Message.Split('\n')[0]);
    return 1;
}
