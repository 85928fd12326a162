using System.Reflection;
using System.Text;
using Verb.Contracts;

namespace Verb.Gateway.Tests.ApiDescription;

/// <summary>Makes one of each event and reply, whatever the next one will be.</summary>
internal static class Samples
{
    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly User Ann = new(new UserId("ann"), "Ann", "user");

    /// <summary>Every kind of <typeparamref name="T"/>.</summary>
    public static IEnumerable<Type> Kinds<T>() => typeof(T).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(T)));

    /// <summary>One of that kind: with every optional field, or with none.</summary>
    public static T Make<T>(Type kind, bool full)
    {
        if (kind.GetProperty("Instance") is { } only)
            return (T)only.GetValue(null)!;
        var constructor = kind.GetConstructors().Single();
        return (T)constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(kind, parameter, full))]);
    }

    private static object? Value(Type kind, ParameterInfo parameter, bool full)
    {
        var isOptional = Nullability.Create(parameter).WriteState == NullabilityState.Nullable;
        if (isOptional && !full)
            return null;
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type == typeof(ReadOnlyMemory<byte>))
            return Json(kind, parameter.Name!, full);
        return type switch
        {
            _ when type == typeof(string) => "text",
            _ when type == typeof(bool) => full,
            _ when type == typeof(int) => 1,
            _ when type == typeof(long) => 1L,
            _ when type == typeof(User) => Ann,
            _ when type == typeof(RoomId) => new RoomId("lobby"),
            _ when type == typeof(TopicName) => new TopicName("news"),
            _ when type == typeof(CommandError) => new CommandError(ErrorCode.RateLimited, "Too often.", full ? 1 : null),
            _ when type == typeof(IReadOnlyList<User>) => new[] { Ann },
            _ when type == typeof(IReadOnlyList<TopicName>) => new[] { new TopicName("news") },
            _ when type == typeof(IReadOnlyList<HistoryMessage>) => new[] { new HistoryMessage(1, "m-1", Ann, "1"u8.ToArray(), 1) },
            _ => throw new NotSupportedException($"A sample of {type} is needed."),
        };
    }

    /// <summary>Raw JSON; numbers that came from clients are left out by leaving them empty.</summary>
    private static ReadOnlyMemory<byte> Json(Type kind, string name, bool full)
    {
        if (!full && name is ("Timestamp" or "Change"))
            return default;
        var isObject = kind == typeof(ServerEvent.Notification) || kind == typeof(ServerEvent.Broadcast);
        return Encoding.UTF8.GetBytes(isObject ? """{"title":"x"}""" : "1");
    }
}
