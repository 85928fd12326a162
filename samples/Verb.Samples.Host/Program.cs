using System.Text.Json;
using Verb.Contracts;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddVerb(builder.Configuration)
    .AddRequest("echo", (context, payload, cancellation) => ValueTask.FromResult(payload));

var app = builder.Build();
app.MapGet("/", () => "Sockets are at /ws.");
app.MapPost("/orders/{number:int}", async (int number, IVerbHub hub) =>
{
    var message = JsonSerializer.SerializeToUtf8Bytes(new { number });
    var answer = await hub.PublishAsync(new RoomId("orders"), message);
    return answer.IsSuccess ? Results.Accepted() : Results.Problem(answer.Error!.Message);
});

app.MapVerb();
app.MapVerbApi();
app.Run();
