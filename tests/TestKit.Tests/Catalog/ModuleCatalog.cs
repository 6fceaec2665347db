using Speedup.TestKit;
using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

/// <summary>
/// One line a module: what the project's plugins handle, with the shapes on which it is tested. A new plugin adds its lines here;
/// <see cref="CatalogTests"/> names the module types that are missing.
/// </summary>
internal static partial class ModuleCatalog
{
    private static readonly Dictionary<string, Func<PluginKit, KitSubject>> All = [];

    /// <summary>Names by family: each has a test class of its own, so that they run side by side.</summary>
    public static IReadOnlyList<string> Activations { get; } = Collect(AddActivations);

    /// <inheritdoc cref="Activations"/>
    public static IReadOnlyList<string> Functionals { get; } = Collect(AddFunctionals);

    /// <inheritdoc cref="Activations"/>
    public static IReadOnlyList<string> Layers { get; } = Collect(AddLayers);

    /// <inheritdoc cref="Activations"/>
    public static IReadOnlyList<string> LinearMaps { get; } = Collect(AddLinearMaps);

    /// <inheritdoc cref="Activations"/>
    public static IReadOnlyList<string> Normalizations { get; } = Collect(AddNormalizations);

    /// <inheritdoc cref="Activations"/>
    public static IReadOnlyList<string> Shapes { get; } = Collect(AddShapes);

    /// <inheritdoc cref="Activations"/>
    public static IReadOnlyList<string> Paddings { get; } = Collect(AddPaddings);

    /// <inheritdoc cref="Activations"/>
    public static IReadOnlyList<string> Rearrangements { get; } = Collect(AddRearrangements);

    /// <inheritdoc cref="Activations"/>
    public static IReadOnlyList<string> Recurrents { get; } = Collect(AddRecurrents);

    /// <inheritdoc cref="Activations"/>
    public static IReadOnlyList<string> Attentions { get; } = Collect(AddAttentions);

    /// <summary>Names of all entries.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>The subject of an entry.</summary>
    public static KitSubject Make(string name, PluginKit kit) => All[name](kit).Named(name);

    /// <summary>An entry that works on images: six channels, on a second and a third size, too.</summary>
    private static void Image(string name, Func<nn.Module<Tensor, Tensor>> create, double atLeast = 0.95) =>
        Add(name, kit => kit.Module(create, 2, 6, 4, 4).OtherSizes([3, 6, 4, 5], [1, 6, 5, 4]).AtLeast(atLeast));

    /// <summary>An entry that works on sequences: six channels before the positions.</summary>
    private static void Signal(string name, Func<nn.Module<Tensor, Tensor>> create, double atLeast = 0.95) =>
        Add(name, kit => kit.Module(create, 2, 6, 8).OtherSizes([3, 6, 9]).AtLeast(atLeast));

    /// <summary>An entry that works on volumes: six channels.</summary>
    private static void Volume(string name, Func<nn.Module<Tensor, Tensor>> create, double atLeast = 0.95) =>
        Add(name, kit => kit.Module(create, 2, 6, 3, 3, 3).OtherSizes([1, 6, 4, 3, 4]).AtLeast(atLeast));

    /// <summary>An entry that works on rows of six features.</summary>
    private static void Rows(string name, Func<nn.Module<Tensor, Tensor>> create, double atLeast = 0.95) =>
        Add(name, kit => kit.Module(create, 4, 6).OtherSizes([7, 6]).AtLeast(atLeast));

    /// <summary>Any other entry.</summary>
    private static void Add(string name, Func<PluginKit, KitSubject> make) => All.Add(name, make);

    private static string[] Collect(Action add)
    {
        int before = All.Count;
        add();
        return [.. All.Keys.Skip(before)];
    }
}
