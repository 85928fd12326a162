using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Verb.Contracts;

namespace Verb.Bench.Json;

/// <summary>Reading a chat command: the hub's reader beside System.Text.Json, generated and polymorphic, and its bare validation.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public partial class JsonBench
{
    private static readonly byte[] Chat = Encoding.UTF8.GetBytes(
        """{"type":"chat","id":"17","roomId":"general","message":{"text":"Hello, everybody!"},"messageId":"m-17"}""");

    public static int Run()
    {
        BenchmarkRunner.Run<JsonBench>();
        return 0;
    }

    [Benchmark]
    public object Hub() => CommandReader.Read(Chat).Command!;

    [Benchmark(Baseline = true)]
    public object Generated() => JsonSerializer.Deserialize(Chat, Shapes.Default.ChatShape)!;

    [Benchmark]
    public object GeneratedPolymorphic() => JsonSerializer.Deserialize(Chat, Shapes.Default.Shape)!;

    [Benchmark]
    public int ValidateOnly()
    {
        var reader = new Utf8JsonReader(Chat);
        var tokens = 0;
        while (reader.Read())
            tokens++;
        return tokens;
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
    [JsonDerivedType(typeof(PolymorphicChat), "chat")]
    internal record Shape;

    internal sealed record PolymorphicChat(string? Id, string RoomId, JsonElement Message, string? MessageId) : Shape;

    internal sealed record ChatShape(string Type, string? Id, string RoomId, JsonElement Message, string? MessageId);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Shape))]
    [JsonSerializable(typeof(ChatShape))]
    internal sealed partial class Shapes : JsonSerializerContext;
}
