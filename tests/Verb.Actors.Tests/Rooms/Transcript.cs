using System.Text;
using System.Text.Json;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Actors.Tests.Rooms;

/// <summary>What connections were told, as lines to compare.</summary>
internal static class Transcript
{
    public static IReadOnlyList<string> Of(IEnumerable<ConnectionMessage> messages) => [.. messages.SelectMany(Lines)];

    public static string Of(Answer answer) => answer switch
    {
        { Error: { } error } => error.Code.WireName(),
        { Body: ReplyBody.Published body } => $"published {body.Seq} {body.MessageId}",
        { Body: ReplyBody.MemberPage body } => $"members {string.Join(',', body.Members.Select(user => user.Id))} of {body.UserCount}{(body.More ? " and more" : "")}",
        { Body: ReplyBody.HistoryPage body } => $"history {Range(body.Messages.Select(m => m.Seq))}{(body.Complete ? "" : " and more")}",
        { Body: ReplyBody.RoomState body } => $"state {body.UserCount} users at {body.Seq}",
        { Body: ReplyBody.Delivered body } => $"{(body.Written ? "delivered" : "queued")} {body.MessageId}",
        { Body: ReplyBody.Acknowledged body } => $"acknowledged {body.Seq}",
        { Body: ReplyBody.TopicPublished body } => $"published {body.Seq} to {body.Topic}",
        _ => "done",
    };

    public static IEnumerable<string> Of(Outgoing message)
    {
        foreach (var part in message.Parts ?? [message])
            yield return part.Kind == FrameKind.Binary ? $"binary {Convert.ToHexString(part.Payload.Span)}" : OfEvent(part.Payload);
    }

    public static string Range(IEnumerable<long> numbers)
    {
        var all = numbers.ToList();
        all.ShouldBe(Enumerable.Range(0, all.Count).Select(i => all[0] + i));
        return all.Count == 0 ? "of none" : $"{all[0]}-{all[^1]}";
    }

    private static IEnumerable<string> Lines(ConnectionMessage message) => message switch
    {
        ConnectionMessage.RoomAdmitted admitted => [Admission(admitted.Admission)],
        ConnectionMessage.RoomRemoved removed => [$"#{removed.Command} removed"],
        ConnectionMessage.RoomPublished published => [$"#{published.Command} published {published.Body.Seq} {published.Body.MessageId}"],
        ConnectionMessage.Answered answered => [$"#{answered.Command} {Of(answered.Answer)}"],
        ConnectionMessage.RoomDelivery delivery => Of(delivery.Message),
        ConnectionMessage.Transient transient => Of(transient.Message),
        ConnectionMessage.RoomTurn turn => turn.Steps.SelectMany(Lines),
        ConnectionMessage.RoomMissed => ["missed"],
        ConnectionMessage.RoomCaughtUp { Page: var page } => [
            $"caught up {Range(page.Page.Select(p => p.Seq))}{(page.Recovered ? "" : " not recovered")}{(page.Complete ? "" : " and more")}"],
        ConnectionMessage.TopicSubscribed subscribed => [$"#{subscribed.Command} subscribed", .. subscribed.Last is { } last ? Of(last) : []],
        ConnectionMessage.TopicDelivery delivery => Of(delivery.Message),
        ConnectionMessage.TopicMissed => ["missed"],
        ConnectionMessage.Registered => ["registered"],
        ConnectionMessage.RegistrationRefused refused => [$"refused {refused.Reason.Code}"],
        ConnectionMessage.Probe => ["are you alive?"],
        ConnectionMessage.Lost => ["lost"],
        ConnectionMessage.InboxDelivery delivery => Of(delivery.Message),
        ConnectionMessage.CloseWith close => [$"close {close.Reason.Code}"],
        _ => [message.GetType().Name],
    };

    private static string Admission(RelayMessage.Admitted admitted)
    {
        var line = new StringBuilder($"#{admitted.To.Command} admitted, {admitted.UserCount} users, at {admitted.Position.Seq}");
        if (admitted.Recovered is { } recovered)
            line.Append(recovered ? ", recovered" : ", not recovered");
        if (admitted.Replay.Count > 0)
            line.Append(", history ").Append(Range(admitted.Replay.Select(p => p.Seq)));
        if (admitted.CatchUpFrom is { } from)
            line.Append(", catch up from ").Append(from);
        return line.ToString();
    }

    private static string OfEvent(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var e = document.RootElement;
        string Text(string name) => e.GetProperty(name).ToString();
        string User(string name) => e.GetProperty(name).GetProperty("id").ToString();
        return Text("type") switch
        {
            "chat" => $"chat {Text("seq")} {Text("message")} from {User("user")}",
            "user_joined" or "user_left" => $"{Text("type")} {User("user")}, {Text("userCount")} users",
            "room_presence" => $"room_presence {Text("userCount")} users",
            "user_typing" => $"user_typing {User("user")}",
            "room_event" => $"room_event {Text("event")} {Text("data")} from {User("user")}",
            "data" => $"data {Text("seq")} {Text("data")}",
            "stock_update" => $"stock {Text("symbol")} {Text("price")} {Text("change")} {Text("seq")}",
            "private_message" => $"private {Text("seq")} {Text("message")} from {User("from")}",
            "notification" => $"notification {Text("seq")} {Text("text")}",
            var other => other,
        };
    }
}
