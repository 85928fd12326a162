using Microsoft.AspNetCore.Http;
using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>The routes that read a room: its state, its members, its messages.</summary>
internal sealed class ReadRoutes(IVerbHub hub, ApiAccess access)
{
    public Task<ApiResult> Room(HttpContext http) => Read(http, behind: 0, (room, caller, _) =>
        hub.GetRoomAsync(room, caller.Identity, http.RequestAborted));

    public Task<ApiResult> Members(HttpContext http) => Read(http, behind: 1, (room, caller, query) =>
    {
        var after = query.Name("after");
        var limit = Limit(query, Command.Members.MaxLimit, Command.Members.MaxLimit);
        return query.Problem is null ? hub.GetMembersAsync(room, after, limit, caller.Identity, http.RequestAborted) : null;
    });

    public Task<ApiResult> Messages(HttpContext http) => Read(http, behind: 1, (room, caller, query) =>
    {
        var since = query.Position("since");
        var before = query.Integer("before", 1, long.MaxValue);
        var limit = Limit(query, Command.History.DefaultLimit, Command.History.MaxLimit);
        if (since is not null && before is not null)
            query.Fail("before", "cannot stand beside 'since'");
        return query.Problem is null ? hub.GetHistoryAsync(room, since, before, limit, caller.Identity, http.RequestAborted) : null;
    });

    private static int Limit(PageQuery query, int byDefault, int most) => (int)(query.Integer("limit", 1, most) ?? byDefault);

    /// <summary>Runs a reading; <paramref name="read"/> gives null where the query is wrong.</summary>
    private async Task<ApiResult> Read(HttpContext http, int behind, Func<RoomId, ApiCaller, PageQuery, Task<Answer>?> read)
    {
        var caller = await access.ToRead(http);
        if (caller.Refusal is { } refusal)
            return refusal;
        if (!RoomId.TryParse(PathText.Read(http, "roomId", behind), out var room))
            return PathText.Refused("roomId");
        var query = new PageQuery(http.Request.Query);
        return read(room, caller, query) is { } reading
            ? ApiResult.Of(await reading)
            : ApiResult.Refused(ErrorCode.InvalidMessage, query.Problem!);
    }
}
