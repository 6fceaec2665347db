using System.Collections.Frozen;
using System.Diagnostics;
using System.Reflection;
using Speedup.Core.Graph;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing.Flow;

/// <summary>Which functions of the platform and of TorchSharp give what differs from pass to pass, or from machine to machine.</summary>
internal static class KnownOrigins
{
    /// <summary>Members of tensors that tell lengths, or what follows from them.</summary>
    private static readonly FrozenSet<string> Sizes = new[]
    {
        "get_shape",
        "get_ndim",
        "get_Rank",
        "get_NumberOfElements",
        "get_nbytes",
        "dim",
        "size",
        "numel",
        "ndimension",
        "stride",
        "storage_offset",
        "is_contiguous",
        "is_same_size",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Members of random tensors' makers that do not say so in their names.</summary>
    private static readonly FrozenSet<string> Draws = new[]
    {
        "bernoulli",
        "bernoulli_",
        "binomial",
        "poisson",
        "multinomial",
        "normal",
        "normal_",
        "uniform_",
        "exponential_",
        "geometric_",
        "cauchy_",
        "log_normal_",
        "random_",
        "gumbel_softmax",
        "rrelu",
        "rrelu_",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Clocks = new[]
    {
        "get_Now",
        "get_UtcNow",
        "get_Today",
        "get_TickCount",
        "get_TickCount64",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<Type> Machine = new[]
    {
        typeof(Environment),
        typeof(Console),
        typeof(Process),
        typeof(AppContext),
        typeof(System.Runtime.InteropServices.RuntimeInformation),
        typeof(System.Globalization.CultureInfo),
        typeof(OperatingSystem),
        typeof(GC),
        typeof(Thread),
        typeof(ThreadPool),
    }.ToFrozenSet();

    private static readonly string[] OutsideNamespaces = ["System.IO", "System.Net", "Microsoft.Win32"];

    /// <summary>What the result of a method of the platform depends on, apart from its arguments.</summary>
    public static ConditionKind OfPlatform(MethodBase method)
    {
        Type type = method.DeclaringType!;
        if (Clocks.Contains(method.Name) || type == typeof(Stopwatch) || type == typeof(TimeProvider))
            return ConditionKind.Time;
        if (typeof(Random).IsAssignableFrom(type) || type.Name == "RandomNumberGenerator" || method.Name == nameof(Guid.NewGuid))
            return ConditionKind.Random;
        if (type == typeof(Path) || method.Name == "get_InvariantCulture")
            return ConditionKind.None;
        bool isOutside =
            Machine.Contains(type)
            || Array.Exists(OutsideNamespaces, name => type.Namespace?.StartsWith(name, StringComparison.Ordinal) == true);
        return isOutside ? ConditionKind.Environment : ConditionKind.None;
    }

    /// <summary>What a member of TorchSharp that yields no tensor, and does not look at data, tells.</summary>
    /// <param name="method">The member.</param>
    /// <param name="receiver">The type of what it is called on; lengths of parameters are the model's.</param>
    public static ConditionKind OfTorch(MethodBase method, Type? receiver)
    {
        Type type = method.DeclaringType!;
        if (typeof(Tensor).IsAssignableFrom(type) && Sizes.Contains(method.Name))
            return FlowTypes.IsParameter(receiver) ? ConditionKind.None : ConditionKind.Size;
        if (type == typeof(Generator) || type == typeof(random))
            return ConditionKind.Random;
        return method.Name is "is_available" or "cuda_is_available" or "device_count" ? ConditionKind.Environment : ConditionKind.None;
    }

    /// <summary>Whether a function of TorchSharp draws random numbers.</summary>
    public static bool IsRandom(MethodBase method) =>
        method.Name.StartsWith("rand", StringComparison.Ordinal)
        || Draws.Contains(method.Name)
        || method.Name.Contains("dropout", StringComparison.Ordinal);
}
