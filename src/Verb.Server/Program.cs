using Verb.Gateway.Settings;
using Verb.Server;
using Verb.Server.Feeds;
using Verb.Server.Transport;

StandardStreams.OutliveTheirReaders();
if (CommandLine.Answer(args) is { } exitCode)
    return exitCode;

using var secondSignal = new SecondSignal();
WebApplicationBuilder? builder = null;
try
{
    builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = SettingsFiles.ReadOnce(args), ContentRootPath = ContentRoot.Find(args) });
    builder.ListenWhereConfigured();
    builder.TakeForwardedPrefix();
    builder.AcceptPatiently();
    builder.LogWithoutWaiting();
    var options = VerbSettings.Read(builder.Configuration);
    builder.Services.AddVerb(options);
    if (options.Feed.Demo ?? builder.Environment.IsDevelopment())
        builder.Services.AddHostedService<DemoFeed>();

    await using var app = builder.Build();
    app.UseDemoPage(options.Demo);
    app.MapVerb();
    app.MapVerbApi();
    app.Lifetime.ApplicationStarted.Register(() => Greeting.Print(app, options));
    using var hangUp = Stop.OnHangUp(app);
    await app.StartAsync();
    await Stop.WaitAsync(app);
    return 0;
}
catch (Exception failure)
{
    Failure.Tell(failure, builder?.Configuration ?? Failure.Surroundings(args));
    return 1;
}
