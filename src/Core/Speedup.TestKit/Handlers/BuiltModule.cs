using Speedup.Abstractions;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Handlers;

/// <summary>Looks at a smaller module from outside: type, dtype, what it holds.</summary>
internal static class BuiltModule
{
    /// <summary>What is wrong with it.</summary>
    /// <param name="replacement">What is left of the call.</param>
    /// <param name="built">What <c>Replace</c> has built; null for nothing.</param>
    /// <param name="left">Tensors that are alive since.</param>
    public static IEnumerable<Finding> Inspect(IReplacement replacement, nn.Module? built, long left)
    {
        nn.Module original = replacement.Module!;
        if (ReferenceEquals(built, original))
        {
            yield return new(KitFaultKind.ShapeContract, "It has returned the original module; null says that it serves as it is.");
            yield break;
        }
        if (built is not null && built.GetType() != original.GetType() && replacement.FindNarrowPlace(built.GetType()) is { } place)
            yield return new(
                KitFaultKind.ShapeContract,
                $"It has built a {built.GetType()} for a {original.GetType()}, which {place} cannot hold."
            );
        int owned = built is null ? 0 : Bits.Of(built).Count();
        if (left > owned)
            yield return new(
                KitFaultKind.Disposal,
                $"It has left {left} tensors alive, but the new module holds {owned}: compute within a dispose scope."
            );
        foreach (Finding finding in built is null ? [] : InspectTensors(original, built))
            yield return finding;
    }

    private static IEnumerable<Finding> InspectTensors(nn.Module original, nn.Module built)
    {
        Dictionary<string, Tensor> old = Bits.Of(original).ToDictionary(entry => entry.Name, entry => entry.Value);
        foreach ((string name, Tensor value) in Bits.Of(built))
        {
            Tensor? reference = old.GetValueOrDefault(name) ?? old.Values.FirstOrDefault();
            if (reference is null)
                break;
            if (value.dtype != reference.dtype || value.device.ToString() != reference.device.ToString())
                yield return new(
                    KitFaultKind.ShapeContract,
                    $"'{name}' of the new module is {value.dtype} on {value.device}, that of the original {reference.dtype} on {reference.device}."
                );
        }
        foreach ((string name, Tensor value) in built.named_buffers(recurse: true))
        {
            if (
                old.GetValueOrDefault(name) is { } before
                && before.shape.AsSpan().SequenceEqual(value.shape)
                && !Bits.AreSame(before, value)
            )
                yield return new(
                    KitFaultKind.ShapeContract,
                    $"The buffer '{name}' of the new module is as long as the original's, and holds other values."
                );
        }
    }
}
