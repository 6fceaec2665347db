using Speedup.Core.Models;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Models;

public sealed class TensorStoreTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TensorStore _store = new();

    public void Dispose()
    {
        _store.Dispose();
        _scope.Dispose();
    }

    /// <summary>In memory and on disk, in one piece and in several.</summary>
    [Theory]
    [InlineData(ScalarType.Float32, 5)]
    [InlineData(ScalarType.Float32, 100_000)]
    [InlineData(ScalarType.Float32, 9_000_000)]
    [InlineData(ScalarType.Float64, 70_000)]
    [InlineData(ScalarType.BFloat16, 70_000)]
    [InlineData(ScalarType.Float16, 3)]
    [InlineData(ScalarType.Int64, 70_000)]
    [InlineData(ScalarType.Bool, 70_000)]
    [InlineData(ScalarType.ComplexFloat32, 70_000)]
    [InlineData(ScalarType.Float32, 0)]
    public void Restore_OfATensorThatWasWritten_PutsBackEveryBit(ScalarType type, long count)
    {
        Tensor tensor = Draw(count, type);
        Tensor expected = tensor.clone();
        StoredTensor saved = _store.Save(tensor);
        if (count > 0)
            tensor.narrow(0, count / 2, 1).copy_(tensor.narrow(0, count / 2, 1).logical_not());

        Assert.Equal(count == 0, TensorStore.IsUnchanged(tensor, saved));
        _store.Restore(tensor, saved);

        Assert.True(TensorStore.IsUnchanged(tensor, saved));
        Assert.True(expected.Equals(tensor));
    }

    [Fact]
    public void Restore_OfNaNsAndNegativeZeros_KeepsThem()
    {
        Tensor tensor = from_array(new[] { float.NaN, -0f, 0f, float.NegativeInfinity });
        byte[] bytes = tensor.bytes.ToArray();
        StoredTensor saved = _store.Save(tensor);
        tensor.abs_();

        Assert.False(TensorStore.IsUnchanged(tensor, saved));
        _store.Restore(tensor, saved);

        Assert.Equal(bytes, tensor.bytes.ToArray());
    }

    [Fact]
    public void Restore_OfAViewThatIsNotContiguous_WritesItsElementsOnly()
    {
        Tensor whole = randn(400, 300);
        Tensor view = whole.t().narrow(1, 100, 250);
        Tensor expected = whole.clone();
        StoredTensor saved = _store.Save(view);
        view.fill_(7);

        _store.Restore(view, saved);

        Assert.True(expected.Equals(whole));
    }

    [Fact]
    public void Save_OfATensorThatHasNotChanged_TakesNoOtherCopy()
    {
        Tensor tensor = randn(100_000);
        StoredTensor first = _store.Save(tensor);
        StoredTensor second = _store.Save(tensor);
        tensor.add_(1);
        StoredTensor third = _store.Save(tensor);

        Assert.Same(first, second);
        Assert.NotSame(first, third);
        _store.Release(first);
        _store.Restore(tensor, second); // one of its two users is left
        Assert.True(TensorStore.IsUnchanged(tensor, first));
    }

    [Fact]
    public void Release_OfALargeCopy_GivesItsPlaceToTheNextOfThatSize()
    {
        StoredTensor first = _store.Save(randn(100_000));
        long place = first.Offset;
        _store.Release(first);
        Tensor other = randn(100_000);

        StoredTensor second = _store.Save(other);
        Tensor expected = other.clone();
        other.zero_();
        _store.Restore(other, second);

        Assert.Equal(place, second.Offset);
        Assert.True(expected.Equals(other));
    }

    [Fact]
    public void Store_LeavesNoFileBehind()
    {
        string[] before = Files();
        _store.Save(randn(100_000));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(before, Files()); // it has no name even while it is open

        _store.Dispose();

        Assert.Equal(before, Files());
    }

    private static string[] Files() => Directory.GetFiles(Path.GetTempPath(), $"speedup-{Environment.ProcessId}-*.tmp");

    private static Tensor Draw(long count, ScalarType type) =>
        type == ScalarType.Bool ? randint(0, 2, [count]).to(type)
        : type == ScalarType.Int64 ? randint(0, 1L << 40, [count], dtype: type)
        : randn([count]).to(type);
}
