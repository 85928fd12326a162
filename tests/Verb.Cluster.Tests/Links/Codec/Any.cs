using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using Verb.Actors.Delivery;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Cluster.Tests.Links.Codec;

/// <summary>Anything that messages are made of, drawn from the types themselves: a new field is drawn without being named here.</summary>
internal static class Any
{
    private static readonly MethodInfo ListOf = typeof(Any).GetMethod(nameof(List), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly Gen<string> Texts = Gen.Elements('a', 'Z', '0', ' ', '/', '"', 'ä', '€', '中')
        .ArrayOf().Select(chars => new string(chars) + (chars.Length % 3 == 0 ? "🦊" : ""));

    private static readonly Gen<string> Names = Gen.Elements("a", "lobby", "stocks/AAPL", "räum 7", "中", "🦊", new string('x', 200));

    private static readonly Gen<ReadOnlyMemory<byte>> Bytes =
        ArbMap.Default.GeneratorFor<byte>().ArrayOf().Select(bytes => new ReadOnlyMemory<byte>(bytes));

    private static readonly Gen<Outgoing> Parts =
        from payload in Bytes
        from kind in Gen.Elements(FrameKind.Text, FrameKind.Binary)
        select new Outgoing(payload, kind);

    /// <summary>Any value of the type; of a closed set, any kind that leaves its node.</summary>
    public static Gen<object?> Of(Type type) => type switch
    {
        _ when type == typeof(string) => Boxed(Texts),
        _ when type == typeof(long) => Boxed(Gen.OneOf(ArbMap.Default.GeneratorFor<long>(), Gen.Elements(0, long.MaxValue, long.MinValue))),
        _ when type == typeof(int) => Boxed(ArbMap.Default.GeneratorFor<int>()),
        _ when type == typeof(ushort) => Boxed(ArbMap.Default.GeneratorFor<ushort>()),
        _ when type == typeof(bool) => Boxed(ArbMap.Default.GeneratorFor<bool>()),
        _ when type == typeof(TimeSpan) => Boxed(ArbMap.Default.GeneratorFor<long>().Select(ticks => new TimeSpan(ticks))),
        _ when type == typeof(ReadOnlyMemory<byte>) => Boxed(Bytes),
        _ when type == typeof(RoomId) => Boxed(Names.Select(name => new RoomId(name))),
        _ when type == typeof(TopicName) => Boxed(Names.Select(name => new TopicName(name))),
        _ when type == typeof(UserId) => Boxed(Names.Select(name => new UserId(name))),
        _ when type == typeof(ShardRow) => Boxed(Rows()),
        _ when type == typeof(Outgoing) => Boxed(Gen.NonEmptyListOf(Parts).Select(parts => Outgoing.Join([.. parts]))),
        _ when type == typeof(Answer) => Boxed(Gen.OneOf(Of<ReplyBody>().Select(Answer.Of), Of<CommandError>().Select(Answer.Refused))),
        _ when type.IsEnum => Gen.Elements(Enum.GetValues(type).Cast<object?>().ToArray()),
        _ when Nullable.GetUnderlyingType(type) is { } inner => OrNull(Of(inner)),
        _ when type.IsAbstract && type.IsClass => Gen.OneOf(Crossing.Of(type).Select(Of)),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
            (Gen<object?>)ListOf.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, null)!,
        _ => Made(Constructor(type)),
    };

    /// <summary>Any value of the type.</summary>
    public static Gen<T> Of<T>() => Of(typeof(T)).Select(value => (T)value!);

    /// <summary>A node message around this kind of message.</summary>
    public static Gen<NodeMessage> Around(Type message) =>
        from made in Made(Constructor(Crossing.Wrapper(message)), (parameter, any) => parameter.Name == "Message" ? Of(message) : any)
        select (NodeMessage)made!;

    private static Gen<object?> Made(ConstructorInfo constructor, Func<ParameterInfo, Gen<object?>, Gen<object?>>? instead = null)
    {
        var nullability = new NullabilityInfoContext();
        var arguments = constructor.GetParameters().Select(parameter =>
        {
            var any = Of(parameter.ParameterType);
            var nullable = !parameter.ParameterType.IsValueType && !constructor.DeclaringType!.IsGenericType
                && nullability.Create(parameter).WriteState == NullabilityState.Nullable;
            return instead is null ? nullable ? OrNull(any) : any : instead(parameter, any);
        });
        return Gen.CollectToArray(arguments, gen => gen).Select(values => (object?)constructor.Invoke(values));
    }

    private static ConstructorInfo Constructor(Type type) => type
        .GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
        .Where(constructor => constructor.GetParameters() is not [{ ParameterType: var only }] || only != type)
        .MaxBy(constructor => constructor.GetParameters().Length)!;

    private static Gen<ShardRow> Rows() =>
        from shard in Gen.Choose(0, Shards.Count - 1)
        from owner in Of<NodeId?>()
        from term in Of<long>()
        select new ShardRow(shard, owner, term);

    private static Gen<object?> OrNull(Gen<object?> gen) => Gen.Frequency((1, Gen.Constant<object?>(null)), (3, gen));

    private static Gen<object?> Boxed<T>(Gen<T> gen) => gen.Select(value => (object?)value);

    private static Gen<object?> List<T>() => Gen.Resize(Of<T>().ListOf(), 5).Select(list => (object?)list.ToArray());
}
