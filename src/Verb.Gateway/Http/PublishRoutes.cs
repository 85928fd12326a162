using Microsoft.AspNetCore.Http;
using Verb.Contracts;
using Verb.Gateway.Metrics;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Http;

/// <summary>The routes that publish: to a room, to a topic, to a user, to everyone.</summary>
internal sealed class PublishRoutes(IVerbHub hub, ApiAccess access, VerbOptions options)
{
    public Task<ApiResult> ToRoom(HttpContext http) => Publish(http, "room", async (caller, body) =>
    {
        if (!RoomId.TryParse(PathText.Read(http, "roomId", behind: 1), out var room))
            return PathText.Refused("roomId");
        if (PublishBody.Read(body, out var problem) is not { } publish)
            return ApiResult.Refused(ErrorCode.InvalidMessage, problem);
        var sender = publish.Sender ?? (caller.Identity is { IsAnonymous: false } identity ? identity.User : null);
        return ApiResult.Of(await hub.PublishAsync(room, publish.Message, publish.MessageId, sender, http.RequestAborted));
    });

    public Task<ApiResult> ToTopic(HttpContext http) => Publish(http, "topic", async (_, body) =>
        TopicName.TryParse(PathText.Read(http, "topic", behind: 0), out var topic)
            ? ApiResult.Of(await hub.PublishAsync(topic, body, http.RequestAborted))
            : PathText.Refused("topic"));

    public Task<ApiResult> ToUser(HttpContext http) => Publish(http, "user", async (_, body) =>
    {
        if (!UserId.TryParse(PathText.Read(http, "userId", behind: 0), out var user))
            return PathText.Refused("userId");
        var query = new PageQuery(http.Request.Query);
        var messageId = query.Label("messageId");
        if ((query.Problem ?? ObjectProblem(body)) is { } problem)
            return ApiResult.Refused(ErrorCode.InvalidMessage, problem);
        return ApiResult.Of(await hub.NotifyAsync(user, body, messageId, http.RequestAborted));
    });

    public Task<ApiResult> ToEveryone(HttpContext http) => Publish(http, "everyone", (_, body) =>
    {
        if (ObjectProblem(body) is { } problem)
            return Task.FromResult(ApiResult.Refused(ErrorCode.InvalidMessage, problem));
        var told = hub.Broadcast(body);
        return Task.FromResult(ApiResult.Of(Answer.Of(new ReplyBody.Json(System.Text.Encoding.UTF8.GetBytes($"{{\"connections\":{told}}}")))));
    });

    private async Task<ApiResult> Publish(HttpContext http, string target, Func<ApiCaller, ReadOnlyMemory<byte>, Task<ApiResult>> publish)
    {
        var caller = await access.ToPublish(http);
        if (caller.Refusal is { } closed)
            return closed;
        var body = await JsonBody.Read(http, options.Limits.MaxCommandBytes);
        if (body.Refusal is { } unfit)
            return unfit;
        using var activity = Tracing.Source.StartActivity("verb.publish");
        activity?.SetTag("verb.target", target);
        return await publish(caller, body.Json);
    }

    /// <summary>The fields of such a body are laid beside the hub's own: they must be text, and each there once.</summary>
    private static string? ObjectProblem(ReadOnlyMemory<byte> body)
    {
        if (JsonText.HasLoneSurrogate(body.Span))
            return "The body has a string that is no valid text.";
        return JsonFields.Scan(body, "The body", out var problem) is null ? problem : null;
    }

}
