using System.Reflection;
using System.Runtime.CompilerServices;
using NetArchTest.Rules;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Xunit;

namespace Core.Tests.Architecture;

public sealed class RoomTests
{
    /// <summary>Each room knows those before it only: the order of the table in docs/architecture.md.</summary>
    private static readonly string[] Rooms = [.. ReadRooms()];

    private static readonly Assembly Core = typeof(IModelSpeedup).Assembly;

    public static TheoryData<string> Names => [.. Rooms];

    [Theory]
    [MemberData(nameof(Names))]
    public void Room_DependsOnEarlierRoomsOnly(string room)
    {
        string[] later = [.. Rooms.SkipWhile(other => other != room).Skip(1).Select(other => $"Speedup.Core.{other}")];
        PredicateList types = Types.InAssembly(Core).That().ResideInNamespace($"Speedup.Core.{room}");

        Assert.NotEmpty(types.GetTypes());
        NetArchTest.Rules.TestResult result = types.ShouldNot().HaveDependencyOnAny(later).GetResult();

        Assert.True(later.Length == 0 || result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Masks_KnowNothingOfFiles()
    {
        PredicateList masks = Types.InAssembly(typeof(MaskSet).Assembly).That().ResideInNamespace("Speedup.Persistence.Masks");
        string[] files = ["Speedup.Persistence.Pickling", "Speedup.Persistence.Pth", "Speedup.Persistence.Safetensors"];

        Assert.NotEmpty(masks.GetTypes());
        Assert.True(masks.ShouldNot().HaveDependencyOnAny([.. files, typeof(MaskFile).FullName!]).GetResult().IsSuccessful);
    }

    [Fact]
    public void DependencyCheck_SeesDependenciesThatAreThere()
    {
        IEnumerable<Type> types = Types
            .InAssembly(Core)
            .That()
            .ResideInNamespace("Speedup.Core.Pipeline")
            .And()
            .HaveDependencyOnAny("Speedup.Core.Planning", "Speedup.Core.Tracing")
            .GetTypes();

        Assert.Contains(types, type => type.Name == "SpeedupEngine");
    }

    [Fact]
    public void Rooms_AreAllOnTheList()
    {
        IEnumerable<string> rooms = Core.GetTypes()
            .Where(type => type.Namespace?.StartsWith("Speedup.Core.", StringComparison.Ordinal) == true)
            .Select(type => type.Namespace!.Split('.')[2])
            .Distinct();

        Assert.Equal(Rooms.Order(), rooms.Order());
    }

    [Fact]
    public void Types_HoldNoMutableStaticState()
    {
        FieldInfo[] fields =
        [
            .. new[] { Core, typeof(AxisFacts).Assembly, typeof(MaskSet).Assembly }
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.Name.StartsWith('<'))
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(field => !field.IsDefined(typeof(CompilerGeneratedAttribute))),
        ];

        Assert.NotEmpty(fields);
        Assert.All(fields, field => Assert.True(field.IsInitOnly || field.IsLiteral, $"{field.DeclaringType}.{field.Name} can change"));
    }

    private static IEnumerable<string> ReadRooms() =>
        File.ReadLines(Repository.PathOf("docs", "architecture.md"))
            .SkipWhile(line => line != "## Rooms of the core")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

    [Fact]
    public void Core_ReferencesNoPluginProject() =>
        Assert.DoesNotContain(Core.GetReferencedAssemblies(), name => name.Name!.StartsWith("Speedup.Plugins.", StringComparison.Ordinal));
}
