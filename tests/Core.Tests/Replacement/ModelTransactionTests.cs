using System.Reflection;
using Speedup.Core.Models;
using Speedup.Core.Replacement;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Replacement;

/// <summary>Changes to a model, each undone object by object and bit by bit unless they are committed.</summary>
public sealed class ModelTransactionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Swap_OfAModuleInSeveralPlaces_ChangesAllOfThem(bool commits)
    {
        using var scope = NewDisposeScope();
        using var model = new Model();
        Linear old = model.layer;
        using (var transaction = new ModelTransaction(new ModelInventory(model)))
        {
            transaction.Swap(old, nn.Linear(3, 1));
            Assert.NotSame(old, model.layer);
            Assert.Same(model.layer, model.again[0]);
            if (commits)
                transaction.Commit();
        }

        Assert.Equal(!commits, ReferenceEquals(old, model.layer));
        Assert.Equal(!commits, ReferenceEquals(old, model.again[0]));
        Assert.Equal(commits ? [1L, 3] : [2L, 3], model.state_dict()["layer.weight"].shape);
        Assert.False(old.weight!.IsInvalid); // somebody else may hold it
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_IsUndone_NewestFirst(bool commits)
    {
        using var scope = NewDisposeScope();
        using var model = new Model();
        float[] before = model.table.data<float>().ToArray();
        using (var transaction = new ModelTransaction(new ModelInventory(model)))
        {
            transaction.Write(model.table, ones(2) * 7);
            transaction.Write(model.table, ones(2) * 9);
            if (commits)
                transaction.Commit();
        }

        Assert.Equal(commits ? [9, 9] : before, model.table.data<float>().ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SetField_IsUndone_AndNoted(bool commits)
    {
        using var model = new Model();
        FieldInfo width = typeof(Model).GetField(nameof(Model.width))!;
        using var transaction = new ModelTransaction(new ModelInventory(model));

        transaction.SetField(model, width, 5L);
        Assert.Equal(5, model.width);
        if (commits)
            transaction.Commit();
        transaction.Dispose();

        Assert.Equal(commits ? 5 : 8, model.width);
        Assert.Contains("'width'", Assert.Single(transaction.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Swap_OfATensor_ChangesFieldAndRegister(bool commits)
    {
        using var scope = NewDisposeScope();
        using var model = new Model();
        Parameter old = model.table;
        using (var transaction = new ModelTransaction(new ModelInventory(model)))
        {
            transaction.Swap(old, new Parameter(ones(1)));
            if (commits)
                transaction.Commit();
        }

        Assert.Equal(!commits, ReferenceEquals(old, model.table));
        Assert.Equal(commits ? 1 : 2, model.state_dict()["table"].shape[0]);
        Assert.False(old.IsInvalid);
    }

    private sealed class Model : nn.Module
    {
        public readonly Linear layer = nn.Linear(3, 2);
        public readonly List<Linear> again;
        public readonly Parameter table = new(rand(2));
        public long width = 8;

        public Model()
            : base("model")
        {
            again = [layer];
            RegisterComponents();
        }
    }
}
