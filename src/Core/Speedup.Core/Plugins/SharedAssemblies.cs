using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>The assemblies whose types plugins and host exchange: there is one copy of each in the process, the host's.</summary>
internal static class SharedAssemblies
{
    /// <summary>One type of each.</summary>
    public static readonly Type[] Roots =
    [
        typeof(ISpeedupPlugin),
        typeof(Speedup.Modules.Add),
        typeof(MaskSet),
        typeof(IPruner),
        typeof(Speedup.Onnx.Abstractions.IOnnxOperator),
        typeof(TorchSharp.torch),
        typeof(IServiceCollection),
        typeof(ILogger),
    ];

    /// <summary>
    /// What TorchSharp and the reader of files reference themselves. The loader would share that, too; but no such type crosses the contract, so a plugin
    /// may have its own version.
    /// </summary>
    public static readonly string[] PrivateClosure = ["Google.Protobuf", "SkiaSharp", "ICSharpCode.SharpZipLib", "System.IO.Hashing"];

    private static readonly Dictionary<string, Assembly> ByName = Roots.ToDictionary(
        root => root.Assembly.GetName().Name!,
        root => root.Assembly,
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Simple name and version of each.</summary>
    public static IReadOnlyDictionary<string, Version> Versions { get; } =
        ByName.ToDictionary(shared => shared.Key, shared => shared.Value.GetName().Version!, StringComparer.OrdinalIgnoreCase);

    /// <summary>The host's copy of a shared assembly; null for any other.</summary>
    public static Assembly? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name);
}
