using System.Text.Json;

namespace Verb.Contracts;

/// <summary>The JSON of each reply's <c>data</c>.</summary>
internal static class ReplyWriter
{
    public static void Write(Utf8JsonWriter json, ReplyBody body)
    {
        if (body is ReplyBody.Json raw)
        {
            json.WriteRawValue(raw.Value.Span, skipInputValidation: true);
            return;
        }

        json.WriteStartObject();
        switch (body)
        {
            case ReplyBody.Published b:
                json.WriteString("roomId"u8, b.Room.Value);
                json.WriteNumber("seq"u8, b.Seq);
                json.WriteString("epoch"u8, b.Epoch);
                json.WriteString("messageId"u8, b.MessageId);
                json.WriteNumber("timestamp"u8, b.Timestamp);
                break;
            case ReplyBody.Empty:
                break;
            case ReplyBody.Pong b:
                EventWriter.WriteRaw(json, "timestamp"u8, b.Timestamp);
                json.WriteNumber("serverTime"u8, b.ServerTime);
                break;
            case ReplyBody.Joined b:
                json.WriteString("roomId"u8, b.Room.Value);
                json.WriteNumber("userCount"u8, b.UserCount);
                json.WriteString("epoch"u8, b.Epoch);
                json.WriteNumber("seq"u8, b.Seq);
                EventWriter.WriteFlag(json, "recovered"u8, b.Recovered);
                break;
            case ReplyBody.Left b:
                json.WriteString("roomId"u8, b.Room.Value);
                break;
            case ReplyBody.MemberPage b:
                json.WriteString("roomId"u8, b.Room.Value);
                json.WriteNumber("userCount"u8, b.UserCount);
                json.WriteStartArray("members"u8);
                foreach (var member in b.Members)
                    EventWriter.WriteUser(json, member);
                json.WriteEndArray();
                if (b.More)
                    json.WriteBoolean("more"u8, true);
                break;
            case ReplyBody.HistoryPage b:
                json.WriteString("roomId"u8, b.Room.Value);
                json.WriteString("epoch"u8, b.Epoch);
                EventWriter.WriteMessages(json, b.Messages);
                json.WriteBoolean("complete"u8, b.Complete);
                break;
            case ReplyBody.RoomState b:
                json.WriteString("roomId"u8, b.Room.Value);
                json.WriteNumber("userCount"u8, b.UserCount);
                json.WriteString("epoch"u8, b.Epoch);
                json.WriteNumber("seq"u8, b.Seq);
                break;
            case ReplyBody.Authenticated b:
                EventWriter.WriteUser(json, "user"u8, b.User);
                if (b.ExpiresAt is { } expiresAt)
                    json.WriteNumber("expiresAt"u8, expiresAt);
                break;
            case ReplyBody.Named b:
                json.WriteString("username"u8, b.Username);
                break;
            case ReplyBody.Delivered b:
                json.WriteString("messageId"u8, b.MessageId);
                json.WriteString("status"u8, b.Written ? "delivered"u8 : "queued"u8);
                break;
            case ReplyBody.Acknowledged b:
                json.WriteNumber("seq"u8, b.Seq);
                break;
            case ReplyBody.OfTopic b:
                json.WriteString("topic"u8, b.Topic.Value);
                break;
            case ReplyBody.Topics b:
                EventWriter.WriteTopics(json, b.Names);
                break;
            case ReplyBody.TopicPublished b:
                json.WriteString("topic"u8, b.Topic.Value);
                json.WriteNumber("seq"u8, b.Seq);
                break;
            case ReplyBody.UploadStarted b:
                json.WriteString("uploadId"u8, b.UploadId);
                json.WriteNumber("chunkSize"u8, b.ChunkSize);
                break;
            case ReplyBody.Uploaded b:
                EventWriter.WriteFile(json, b.UploadId, b.Filename, b.Size, b.Sha256, b.Url);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(body), body.GetType().Name, "No wire format.");
        }

        json.WriteEndObject();
    }
}
