using System.Reflection;
using NetArchTest.Rules;
using Speedup.Pruning.Evaluation;

namespace Pipeline.Tests;

/// <summary>The rooms of Speedup.Pruning know each other in one direction: the order of the table in docs/architecture.md.</summary>
public sealed class RoomTests
{
    private const string Root = "Speedup.Pruning.";
    private static readonly Assembly Pruning = typeof(ModelMetrics).Assembly;
    private static readonly string[] Rooms = [.. ReadRooms()];

    public static TheoryData<string> Names => [.. Rooms];

    [Theory]
    [MemberData(nameof(Names))]
    public void Room_DependsOnEarlierRoomsOnly(string room)
    {
        string[] later = [.. Rooms.SkipWhile(other => other != room).Skip(1).Select(other => Root + other)];
        PredicateList types = Types.InAssembly(Pruning).That().ResideInNamespace(Root + room);

        Assert.NotEmpty(types.GetTypes());
        NetArchTest.Rules.TestResult result = types.ShouldNot().HaveDependencyOnAny(later).GetResult();

        Assert.True(later.Length == 0 || result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Rooms_AreAllOnTheList()
    {
        IEnumerable<string> rooms = Pruning
            .GetTypes()
            .Where(type => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true)
            .Select(type => type.Namespace!.Split('.')[2])
            .Distinct();

        Assert.Equal(Rooms.Order(), rooms.Order());
    }

    [Fact]
    public void Codes_AreAllInTheDocuments()
    {
        string table = string.Concat(Directory.GetFiles(Repository.PathOf("docs", "errors")).Select(File.ReadAllText));
        string[] rooms = ["Evaluation", "Sensitivity", "Pipeline", "Stages", "Descriptions"];
        string[] codes =
        [
            .. Pruning
                .GetTypes()
                .Where(type => rooms.Contains(type.Namespace?.Split('.')[^1]) && type.Name.EndsWith("Codes", StringComparison.Ordinal))
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Select(field => (string)field.GetRawConstantValue()!),
        ];

        Assert.Equal(16, codes.Length);
        Assert.Equal(codes.Distinct(), codes);
        Assert.All(codes, code => Assert.Contains($"| {code} |", table, StringComparison.Ordinal));
    }

    private static IEnumerable<string> ReadRooms() =>
        File.ReadLines(Repository.PathOf("docs", "architecture.md"))
            .SkipWhile(line => line != "## Rooms of Speedup.Pruning")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);
}
